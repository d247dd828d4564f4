#include "tests/fuzz/json_mutate.hpp"

#include <array>
#include <sstream>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "history/random.hpp"

namespace squall::fuzz {
namespace {

using Json = nlohmann::ordered_json;

class JsonMutator {
  public:
    explicit JsonMutator(std::uint64_t random) : stream_(random, "json") {}

    std::size_t below(std::size_t bound) { return stream_.below(bound, 0, draw_++); }

    void change(Json& document) {
        std::vector<Json*> all;
        collect(document, all);
        Json& chosen = *all[below(all.size())];
        switch (below(6)) {
            case 0:
                chosen = value();
                break;
            case 1:
                nudge(chosen);
                break;
            case 2:
                remove_from(chosen);
                break;
            case 3:
                if (chosen.is_array() && !chosen.empty()) {
                    const Json element = chosen[below(chosen.size())];
                    chosen.push_back(element);
                }
                break;
            default: {
                const Json other = *all[below(all.size())];
                chosen = other;
                break;
            }
        }
    }

  private:
    static void collect(Json& json, std::vector<Json*>& all) {
        all.push_back(&json);
        if (json.is_structured()) {
            for (Json& element : json) {
                collect(element, all);
            }
        }
    }

    Json value() {
        static const std::array<Json, 16> values{nullptr,
                                                 true,
                                                 false,
                                                 0,
                                                 1,
                                                 2,
                                                 -1,
                                                 INT64_MAX,
                                                 INT64_MIN,
                                                 UINT64_MAX,
                                                 0.5,
                                                 1e308,
                                                 "",
                                                 "read",
                                                 Json::array(),
                                                 Json::object()};
        return values[below(values.size())];
    }

    void nudge(Json& json) {
        if (json.is_number_integer()) {
            const auto step = static_cast<std::int64_t>(below(5)) - 2;
            const auto number = static_cast<std::uint64_t>(json.get<std::int64_t>());
            json = static_cast<std::int64_t>(number + static_cast<std::uint64_t>(step));
        } else if (json.is_number()) {
            json = json.get<double>() * 1.5;
        } else if (json.is_string()) {
            json = json.get<std::string>() + "1";
        } else {
            json = value();
        }
    }

    void remove_from(Json& json) {
        if (json.is_array() && !json.empty()) {
            json.erase(below(json.size()));
        } else if (json.is_object() && !json.empty()) {
            const auto at = static_cast<std::ptrdiff_t>(below(json.size()));
            const std::string key = std::next(json.begin(), at).key();
            json.erase(key);
        }
    }

    history::Stream stream_;
    std::uint64_t draw_ = 0;
};

std::string mutate_lines(std::vector<Json> lines, JsonMutator& mutator, std::string_view counter) {
    const std::size_t at = mutator.below(lines.size());
    switch (mutator.below(6)) {
        case 0:
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 1: {
            const Json line = lines[mutator.below(lines.size())];
            lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), line);
            break;
        }
        case 2:
            std::swap(lines[at], lines[mutator.below(lines.size())]);
            break;
        default:
            mutator.change(lines[at]);
            break;
    }
    std::string text;
    std::uint64_t number = 0;
    for (Json& line : lines) {
        if (line.is_object() && line.contains(counter)) {
            line[std::string(counter)] = number++;
        }
        text += line.dump() + "\n";
    }
    return text;
}

}  // namespace

std::string mutate_json(std::string_view text, std::uint64_t random, std::string_view counter) {
    JsonMutator mutator(random);
    if (counter.empty()) {
        Json document = Json::parse(text, nullptr, false);
        if (document.is_discarded()) {
            return std::string(text);
        }
        mutator.change(document);
        return document.dump();
    }
    std::vector<Json> lines;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
        Json json = Json::parse(line, nullptr, false);
        if (json.is_discarded()) {
            return std::string(text);
        }
        lines.push_back(std::move(json));
    }
    return lines.empty() ? std::string(text) : mutate_lines(std::move(lines), mutator, counter);
}

}  // namespace squall::fuzz
