#include "harness/maelstrom/breach.hpp"

#include <fmt/format.h>

namespace squall::harness::maelstrom {

namespace {

constexpr std::size_t sample_bytes_max = 200;

std::string_view in_words(Breach breach) {
    switch (breach) {
        case Breach::not_a_message:
            return "wrote a line that is no message";
        case Breach::line_too_long:
            return "wrote a line that is too long";
        case Breach::no_such_receiver:
            return "sent to a name that nobody has";
        case Breach::false_sender:
            return "sent in another's name";
        case Breach::reply_to_nobody:
            return "answered what nobody asked";
        case Breach::second_reply:
            return "answered a request twice";
        case Breach::unexpected_reply:
            return "gave an answer that does not fit the request";
        case Breach::output_closed:
            return "closed its standard output and lived on";
        case Breach::flood:
            return "wrote more than the router reads, and was slowed down";
        case Breach::input_unread:
            return "did not read its input, so that messages to it were lost";
    }
    return "broke the protocol";
}

bool convicts(Breach breach, bool duplicates_were_injected) {
    switch (breach) {
        case Breach::flood:
        case Breach::input_unread:
            return false;
        case Breach::second_reply:
            return !duplicates_were_injected;
        case Breach::not_a_message:
        case Breach::line_too_long:
        case Breach::no_such_receiver:
        case Breach::false_sender:
        case Breach::reply_to_nobody:
        case Breach::unexpected_reply:
        case Breach::output_closed:
            return true;
    }
    return true;
}

/// One line of printable text, whatever the node wrote.
std::string printable(std::string_view sample) {
    std::string text;
    for (const char letter : sample.substr(0, sample_bytes_max)) {
        const bool plain = letter >= ' ' && letter <= '~';
        text += plain ? std::string(1, letter)
                      : fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
    }
    return sample.size() > sample_bytes_max ? text + "..." : text;
}

}  // namespace

void BreachLog::add(history::NodeId node, Breach breach, std::string_view sample) {
    Seen& seen = seen_[{breach, node}];
    if (seen.count++ == 0) {
        seen.first = printable(sample);
    }
}

checker::Check BreachLog::check(bool duplicates_were_injected) const {
    checker::Check check;
    check.name = "protocol";
    check.detector = "protocol";
    for (const auto& [where, seen] : seen_) {
        const auto& [breach, node] = where;
        const std::string what = fmt::format("n{} {} ({} times){}{}",
                                             node,
                                             in_words(breach),
                                             seen.count,
                                             seen.first.empty() ? "" : "; the first: ",
                                             seen.first);
        check.details.push_back(what);
        if (convicts(breach, duplicates_were_injected) &&
            check.verdict != checker::Verdict::invalid) {
            check.verdict = checker::Verdict::invalid;
            check.reason = what;
        }
    }
    return check;
}

}  // namespace squall::harness::maelstrom
