// Mutations for the test suite, where libFuzzer is not at hand: the same ones every time. Several
// small changes to one seed, or a splice of two; of JSON mostly changes that leave it JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/random.hpp"
#include "tests/fuzz/json_mutate.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {

class Mutator {
  public:
    Mutator(std::uint64_t seed, const Target& target)
        : stream_(seed, "fuzz"),
          seeds_(target.seeds()),
          tokens_(target.tokens()),
          json_counter_(target.json_counter) {}

    [[nodiscard]] std::string make(std::uint64_t ordinal) {
        ordinal_ = ordinal;
        draw_ = 0;
        std::string input = seeds_[below(seeds_.size())];
        if (json_counter_ != nullptr && below(4) != 0) {
            for (std::uint64_t changes = below(3) + 1; changes > 0; --changes) {
                input = mutate_json(input, below(1U << 31U), json_counter_);
            }
            return input;
        }
        if (below(8) == 0) {
            const std::string& other = seeds_[below(seeds_.size())];
            input =
                input.substr(0, below(input.size() + 1)) + other.substr(below(other.size() + 1));
        }
        for (std::uint64_t changes = below(4) + 1; changes > 0 && !input.empty(); --changes) {
            change(input);
        }
        return input;
    }

  private:
    std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, ordinal_, draw_++); }

    void change(std::string& input) {
        const std::size_t at = below(input.size());
        switch (below(7)) {
            case 0:
                input[at] =
                    static_cast<char>(static_cast<unsigned char>(input[at]) ^ 1U << below(8));
                break;
            case 1:
                input[at] = static_cast<char>(below(256));
                break;
            case 2:
                input.resize(at);
                break;
            case 3:
                input.erase(at, below(16) + 1);
                break;
            case 4:
                input.insert(at, input.substr(below(input.size()), below(64) + 1));
                break;
            case 5:
                input.insert(at, tokens_[below(tokens_.size())]);
                break;
            default: {
                const std::string& token = tokens_[below(tokens_.size())];
                input.replace(at, token.size(), token);
                break;
            }
        }
    }

    history::Stream stream_;
    std::vector<std::string> seeds_;
    std::vector<std::string> tokens_;
    const char* json_counter_;
    std::uint64_t ordinal_ = 0;
    std::uint64_t draw_ = 0;
};

}  // namespace squall::fuzz
