#include "raft/node/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace squall::raft::node {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t none = 64;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

[[nodiscard]] std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::uint32_t group =
            (byte_at(bytes, at) << 16U) | (byte_at(bytes, at + 1) << 8U) | byte_at(bytes, at + 2);
        text += alphabet[group >> 18U];
        text += alphabet[(group >> 12U) & 63U];
        text += at + 1 < bytes.size() ? alphabet[(group >> 6U) & 63U] : '=';
        text += at + 2 < bytes.size() ? alphabet[group & 63U] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool padded = at >= text.size() - padding;
        const std::uint32_t value = padded ? 0 : values[static_cast<unsigned char>(text[at])];
        if (value == none) {
            return std::nullopt;
        }
        group = (group << 6U) | value;
        if (at % 4 == 3) {
            bytes += static_cast<char>(group >> 16U);
            bytes += static_cast<char>((group >> 8U) & 255U);
            bytes += static_cast<char>(group & 255U);
            group = 0;
        }
    }
    // Bits that padding leaves over must be 0: one text for given bytes, and only one.
    for (std::size_t i = 0; i < padding; ++i) {
        if (bytes.back() != '\0') {
            return std::nullopt;
        }
        bytes.pop_back();
    }
    return bytes;
}

}  // namespace squall::raft::node
