// A node that only echoes, fast enough not to be what is measured: it does not parse what it is
// sent but relies on the form in which Squall writes it.
#include <iostream>
#include <string>
#include <string_view>

namespace {

std::string_view between(std::string_view text, std::string_view start, std::string_view end) {
    const std::size_t from = text.find(start) + start.size();
    return text.substr(from, text.find_first_of(end, from) - from);
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        const std::string_view type = between(line, "\"type\":\"", "\"");
        std::cout << "{\"src\":\"" << between(line, "\"dest\":\"", "\"") << "\",\"dest\":\""
                  << between(line, "\"src\":\"", "\"") << "\",\"body\":{\"type\":\"" << type
                  << "_ok\",\"in_reply_to\":" << between(line, "\"msg_id\":", ",}");
        if (type == "echo") {
            std::cout << ",\"echo\":" << between(line, "\"echo\":", ",}");
        }
        std::cout << "}}\n";
        // Whoever has sent more will be answered with it.
        if (std::cin.rdbuf()->in_avail() <= 0) {
            std::cout.flush();
        }
    }
    return 0;
}
