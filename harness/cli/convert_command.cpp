// `squall convert`: any format that squall reads, as its own or as what Jepsen's, Knossos's and
// Elle's tools read.
#include <fstream>
#include <iostream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/format_options.hpp"
#include "harness/failure.hpp"
#include "history/formats/export.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

namespace formats = history::formats;

struct ConvertCommand {
    std::string input;
    FormatOptions format;
    std::string to;
    std::string out;
    std::string key;
    bool one_key = false;
};

void convert(const ConvertCommand& command, std::ostream& out) {
    formats::ExportOptions options;
    options.read = read_options(command.format);
    if (command.one_key) {
        options.key = command.key;
    }
    if (command.to != "jsonl" && command.to != "edn") {
        throw UsageError(
            fmt::format("--to: \"{}\" is neither jsonl nor edn", history::printable(command.to)));
    }
    options.to = command.to == "edn" ? formats::ExportTo::edn : formats::ExportTo::jsonl;
    const formats::Exported exported = formats::convert_file(command.input, options, out);
    for (const std::string& warning : exported.warnings) {
        fmt::print(stderr, "squall: warning: {}\n", warning);
    }
    if (exported.error) {
        throw UsageError(exported.error->message());
    }
    out.flush();
    if (!out) {
        throw Failure("the output cannot be written; is the disk full?");
    }
}

int run(const ConvertCommand& command) {
    if (command.out.empty()) {
        convert(command, std::cout);
        return 0;
    }
    std::ofstream file(command.out, std::ios::binary | std::ios::trunc);
    if (!file) {
        throw UsageError(command.out + ": cannot be written");
    }
    convert(command, file);
    return 0;
}

}  // namespace

void add_convert_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("convert", "Write a history in another format (docs/formats.md)");
    auto options = std::make_shared<ConvertCommand>();
    command->add_option("history", options->input, "In any format that check reads")->required();
    command->add_option("--to", options->to, "jsonl or edn")->required();
    command->add_option("-o,--out", options->out, "File; else the standard output");
    CLI::Option* key = command->add_option(
        "--key", options->key, "Of the operations only those on this key, without their keys");
    add_format_options(*command, options->format);
    command->callback([chosen, options, key] {
        options->one_key = key->count() > 0;
        *chosen = [options] { return run(*options); };
    });
}

}  // namespace squall::harness::cli
