// Little-endian integers and length-prefixed strings, as all binary formats of the Raft use them.
// Reading is for foreign input: it never goes beyond the input, and after the first problem yields
// zeros and stays failed, so that a decoder checks once at its end.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace squall::raft {

template <std::unsigned_integral Integer>
void put(std::string& out, Integer value) {
    std::array<char, sizeof(Integer)> raw{};
    for (char& byte : raw) {
        byte = static_cast<char>(value & 0xFFU);
        if constexpr (sizeof(Integer) > 1) {
            value >>= 8U;
        }
    }
    out.append(raw.data(), raw.size());
}

/// u32 length, then the bytes.
inline void put_bytes(std::string& out, std::string_view bytes) {
    put(out, static_cast<std::uint32_t>(bytes.size()));
    out.append(bytes);
}

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <std::unsigned_integral Integer>
    [[nodiscard]] Integer get() {
        if (rest_.size() < sizeof(Integer)) {
            fail();
            return 0;
        }
        Integer value = 0;
        for (std::size_t i = sizeof(Integer); i-- > 0;) {
            if constexpr (sizeof(Integer) > 1) {
                value <<= 8U;
            }
            value = static_cast<Integer>(value | static_cast<unsigned char>(rest_[i]));
        }
        rest_.remove_prefix(sizeof(Integer));
        return value;
    }

    /// A view into the input.
    [[nodiscard]] std::string_view get_bytes() {
        const auto size = get<std::uint32_t>();
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }

    /// A byte that must be 0 or 1.
    [[nodiscard]] bool get_bool() {
        const auto byte = get<std::uint8_t>();
        if (byte > 1) {
            fail();
        }
        return byte == 1;
    }

    void fail() {
        failed_ = true;
        rest_ = {};
    }

    [[nodiscard]] bool failed() const { return failed_; }

    /// What has not been read yet.
    [[nodiscard]] std::string_view rest() const { return rest_; }

    /// Everything was read and nothing was wrong.
    [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace squall::raft
