#include "harness/cli/check_file.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "checker/model.hpp"
#include "harness/cli/check_page.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/failure.hpp"
#include "history/formats/import.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
namespace formats = history::formats;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Of the workload of the run that the history is part of; empty when it is part of none.
std::string model_of_run(const std::string& file) {
    const fs::path plan = fs::path(file).parent_path() / "plan.json";
    std::error_code ignored;
    if (fs::path(file).filename() != "history.jsonl" || !fs::exists(plan, ignored)) {
        return "";
    }
    try {
        const auto* workload = workloads::find_workload(read_plan(plan.string()).workload);
        return workload == nullptr ? "" : std::string(workload->model());
    } catch (const UsageError&) {
        return "";  // A history is judged without its plan as well.
    }
}

std::string model_name(const CheckFileOptions& options,
                       const std::string& file,
                       const formats::Imported& imported) {
    if (!options.model.empty()) {
        return options.model;
    }
    const std::string of_run = model_of_run(file);
    return of_run.empty() ? imported.model : of_run;
}

std::string no_model(const formats::Imported& imported, const std::string& name) {
    std::vector<std::string> functions;
    for (std::uint32_t id = 0; id < imported.history.functions.size(); ++id) {
        functions.push_back(history::printable(imported.history.functions.at(id)));
    }
    return fmt::format(
        "{}: there is no model {}for its functions ({}); name one with --model "
        "(squall list)",
        imported.name,
        name.empty() ? "" : "\"" + history::printable(name) + "\" ",
        fmt::join(functions, ", "));
}

}  // namespace

CheckedFile check_file(const std::string& path,
                       const CheckFileOptions& options,
                       const std::function<void(const CheckedFile&)>& read) {
    std::error_code ignored;
    CheckedFile checked;
    checked.file = fs::is_directory(path, ignored) ? path + "/history.jsonl" : path;
    const Clock::time_point begin = Clock::now();
    formats::Imported imported = formats::read_history_file(checked.file, options.read);
    checked.read_ms = milliseconds_since(begin);
    checked.warnings = imported.warnings;
    if (imported.error) {
        checked.error = imported.error->message();
        return checked;
    }
    if (options.initial) {
        imported.history.initial = options.initial;
    }
    checked.format = formats::to_string(imported.format);
    checked.operations = imported.history.operations.size();
    checked.keys = imported.history.keys.size();
    checked.model = model_name(options, checked.file, imported);
    const checker::Model* model = checker::find_model(checked.model);
    if (model == nullptr) {
        checked.error = no_model(imported, checked.model);
        return checked;
    }
    read(checked);
    const Clock::time_point judging = Clock::now();
    checker::Check check = checker::linearizability_check(imported.history, *model, options.check);
    checked.check_ms = milliseconds_since(judging);
    checked.verdict = check.verdict;
    if (!options.page.empty()) {
        write_check_page(options.page, checked, imported.history, check);
    }
    checked.engine = std::move(check.detector);
    checked.reason = std::move(check.reason);
    checked.details = std::move(check.details);
    return checked;
}

std::string to_json(const CheckedFile& checked) {
    Json json;
    json["file"] = checked.file;
    json["verdict"] = checked.error.empty() ? Json(checker::to_string(checked.verdict)) : Json();
    if (!checked.error.empty()) {
        json["error"] = checked.error;
    }
    json["format"] = checked.format;
    json["model"] = checked.model;
    json["operations"] = checked.operations;
    json["keys"] = checked.keys;
    json["engine"] = checked.engine;
    json["read_ms"] = checked.read_ms;
    json["check_ms"] = checked.check_ms;
    json["peak_mb"] = checked.peak_mb;
    json["reason"] = checked.reason;
    json["details"] = checked.details;
    json["warnings"] = checked.warnings;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

CheckedFile checked_file_of(std::string_view text) {
    const Json json = Json::parse(text);
    CheckedFile checked;
    checked.file = json.at("file").get<std::string>();
    checked.error = json.value("error", "");
    const std::string verdict = json.at("verdict").is_string() ? json.at("verdict") : "unknown";
    for (const checker::Verdict candidate :
         {checker::Verdict::valid, checker::Verdict::unknown, checker::Verdict::invalid}) {
        if (verdict == checker::to_string(candidate)) {
            checked.verdict = candidate;
        }
    }
    checked.format = json.at("format").get<std::string>();
    checked.model = json.at("model").get<std::string>();
    checked.operations = json.at("operations").get<std::size_t>();
    checked.keys = json.at("keys").get<std::size_t>();
    checked.engine = json.at("engine").get<std::string>();
    checked.read_ms = json.at("read_ms").get<double>();
    checked.check_ms = json.at("check_ms").get<double>();
    checked.peak_mb = json.at("peak_mb").get<double>();
    checked.reason = json.at("reason").get<std::string>();
    checked.details = json.at("details").get<std::vector<std::string>>();
    checked.warnings = json.at("warnings").get<std::vector<std::string>>();
    return checked;
}

history::Value value_from_flag(const std::string& text) {
    formats::TextBuffer buffer(text);
    formats::EdnReader reader(buffer, formats::EdnReader::Outermost::is_a_form);
    try {
        const std::optional<formats::Edn> form = reader.next();
        if (form && !reader.next()) {
            return formats::value_of(*form, "--init");
        }
    } catch (const formats::NotEdn&) {
    } catch (const formats::BadInput&) {
    }
    throw UsageError(fmt::format("--init: {} is no value; write 0, nil, '\"text\"' or '[1 2]'",
                                 history::printable(text)));
}

}  // namespace squall::harness::cli
