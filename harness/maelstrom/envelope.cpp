#include "harness/maelstrom/envelope.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::harness::maelstrom {

namespace {

/// Follows the parse event by event and keeps only what the envelope needs, so that no document is
/// built for a message that is merely passed on.
class EnvelopeReader final : public nlohmann::json_sax<nlohmann::json> {
  public:
    [[nodiscard]] std::variant<Envelope, std::string> result() const {
        if (!problem_.empty()) {
            return problem_;
        }
        if (!is_object_) {
            return "not a JSON object";
        }
        if (!src_ || !dest_) {
            return fmt::format("\"{}\" is missing or no string", src_ ? "dest" : "src");
        }
        if (!body_) {
            return "\"body\" is missing or no object";
        }
        if (!type_) {
            return "\"type\" in the body is missing or no string";
        }
        return Envelope{*src_, *dest_, *type_, msg_id_, in_reply_to_};
    }

    bool null() override { return true; }

    bool boolean(bool /*value*/) override { return true; }

    // An id that is negative or not whole is nobody's.
    bool number_integer(number_integer_t /*value*/) override { return true; }

    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }

    bool number_unsigned(number_unsigned_t value) override {
        if (in_body()) {
            if (key_ == "msg_id") {
                msg_id_ = value;
            } else if (key_ == "in_reply_to") {
                in_reply_to_ = value;
            }
        }
        return true;
    }

    bool string(string_t& value) override {
        if (depth_ == 1) {
            if (key_ == "src") {
                src_ = value;
            } else if (key_ == "dest") {
                dest_ = value;
            }
        } else if (in_body() && key_ == "type") {
            type_ = value;
        }
        return true;
    }

    bool binary(binary_t& /*value*/) override { return true; }

    bool start_object(std::size_t /*elements*/) override {
        is_object_ = is_object_ || depth_ == 0;
        if (depth_ == 1 && key_ == "body") {
            body_ = true;
            body_open_ = true;
        }
        return deeper();
    }

    bool key(string_t& name) override {
        if (depth_ <= 2) {
            key_ = name;
        }
        return true;
    }

    bool end_object() override {
        --depth_;
        body_open_ = body_open_ && depth_ > 1;
        return true;
    }

    bool start_array(std::size_t /*elements*/) override { return deeper(); }

    bool end_array() override {
        --depth_;
        return true;
    }

    bool parse_error(std::size_t position,
                     const std::string& /*last_token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        problem_ = fmt::format("not JSON at byte {}", position);
        return false;
    }

  private:
    [[nodiscard]] bool in_body() const { return body_open_ && depth_ == 2; }

    bool deeper() {
        if (++depth_ > depth_max) {
            problem_ = fmt::format("nested more than {} deep", depth_max);
            return false;
        }
        return true;
    }

    std::size_t depth_ = 0;
    std::string key_;  ///< The latest one at depth 1 or 2.
    bool is_object_ = false;
    bool body_ = false;
    bool body_open_ = false;
    std::optional<std::string> src_;
    std::optional<std::string> dest_;
    std::optional<std::string> type_;
    std::optional<std::uint64_t> msg_id_;
    std::optional<std::uint64_t> in_reply_to_;
    std::string problem_;
};

}  // namespace

std::variant<Envelope, std::string> read_envelope(std::string_view line) {
    EnvelopeReader reader;
    nlohmann::json::sax_parse(line.begin(), line.end(), &reader);
    return reader.result();
}

}  // namespace squall::harness::maelstrom
