#include "history/text_input.hpp"

#include <algorithm>
#include <filesystem>
#include <istream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::history {

namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10U;
constexpr std::size_t printable_max = 60;

/// Takes nothing in but the first thing that is wrong.
class Complaint : public nlohmann::json_sax<nlohmann::json> {
  public:
    [[nodiscard]] std::string take() { return std::move(words_); }

    bool parse_error(std::size_t position,
                     const std::string& /*last_token*/,
                     const nlohmann::json::exception& error) override {
        constexpr int number_overflow = 406;
        if (error.id == number_overflow) {
            words_ = fmt::format("a number out of range before byte {}", position);
        } else if (std::string_view(error.what()).find("UTF-8") != std::string_view::npos) {
            words_ = fmt::format("not UTF-8 at byte {}", position);
        } else {
            words_ = fmt::format("not JSON at byte {}", position);
        }
        return false;
    }

    bool null() override { return true; }

    bool boolean(bool /*value*/) override { return true; }

    bool number_integer(number_integer_t /*value*/) override { return true; }

    bool number_unsigned(number_unsigned_t /*value*/) override { return true; }

    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }

    bool string(string_t& /*value*/) override { return true; }

    bool binary(binary_t& /*value*/) override { return true; }

    bool start_object(std::size_t /*elements*/) override { return true; }

    bool key(string_t& /*value*/) override { return true; }

    bool end_object() override { return true; }

    bool start_array(std::size_t /*elements*/) override { return true; }

    bool end_array() override { return true; }

  private:
    std::string words_;
};

}  // namespace

std::string obstacle_to_reading(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        return "there is no such file";
    }
    if (error) {
        return error.message();
    }
    if (status.type() == fs::file_type::directory) {
        return "is a directory, not a file";
    }
    if (status.type() != fs::file_type::regular) {
        return "is not a regular file; copy what it yields into one";
    }
    return "";
}

LineReader::Got LineReader::next() {
    line_ = {};
    for (;;) {
        const std::size_t newline = buffer_.find('\n', scanned_);
        const std::size_t end = std::min(newline, buffer_.size());
        if (end - begin_ > longest_) {
            ++number_;
            return Got::too_long;
        }
        if (newline != std::string::npos) {
            line_ = std::string_view(buffer_).substr(begin_, newline - begin_);
            begin_ = newline + 1;
            scanned_ = begin_;
            ++number_;
            return Got::line;
        }
        scanned_ = buffer_.size();
        if (refill()) {
            continue;
        }
        if (in_.bad()) {
            ++number_;
            return Got::unreadable;
        }
        if (begin_ == buffer_.size()) {
            return Got::end;
        }
        line_ = std::string_view(buffer_).substr(begin_);
        begin_ = buffer_.size();
        ++number_;
        return Got::unterminated;
    }
}

bool LineReader::refill() {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    const std::size_t held = buffer_.size();
    buffer_.resize(held + block_bytes);
    in_.read(buffer_.data() + held, static_cast<std::streamsize>(block_bytes));
    buffer_.resize(held + static_cast<std::size_t>(in_.gcount()));
    return buffer_.size() > held;
}

bool nests_deeper(std::string_view json, std::size_t limit) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (quoted) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit) {
                return true;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

std::string why_not_json(std::string_view text) {
    Complaint complaint;
    nlohmann::json::sax_parse(text, &complaint);
    return complaint.take();
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (out.size() >= printable_max) {
            return out + "...";
        }
        if (c >= ' ' && c <= '~') {
            out += c;
        } else {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

}  // namespace squall::history
