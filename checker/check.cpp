#include "checker/check.hpp"

namespace squall::checker {

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::valid:
            return "valid";
        case Verdict::unknown:
            return "unknown";
        case Verdict::invalid:
            return "invalid";
    }
    return "?";
}

Verdict worst(std::span<const Check> checks) {
    Verdict verdict = Verdict::valid;
    for (const Check& check : checks) {
        verdict = worst(verdict, check.verdict);
    }
    return verdict;
}

}  // namespace squall::checker
