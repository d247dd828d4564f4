#include <sstream>

#include <gtest/gtest.h>
#include <zlib.h>

#include "history/formats/format.hpp"

namespace squall::history::formats {
namespace {

std::string gzipped(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Imported read(const std::string& bytes) {
    std::istringstream in(bytes);
    return read_history(in, "h.gz", {});
}

std::string many_operations() {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        const std::string operation = "\t1\twrite\t\t" + std::to_string(i * 7919) + "\t\n";
        text += "I" + operation + "O" + operation;
    }
    return text;
}

const std::string header = "#hist-v1 model=reg init=0\n";

TEST(Gzip, IsReadAsWhatItHolds) {
    const Imported imported = read(gzipped(header + many_operations()));

    ASSERT_FALSE(imported.error);
    EXPECT_EQ(imported.format, Format::hist_v1);
    EXPECT_EQ(imported.history.operations.size(), 20'000U);
}

TEST(Gzip, SeveralOneBehindTheOtherAreOne) {
    const Imported imported =
        read(gzipped(header) + gzipped("I\t1\tread\t\t\t\n") + gzipped("O\t1\tread\t\t0\t\n"));

    ASSERT_FALSE(imported.error);
    EXPECT_EQ(imported.events, 2U);
}

TEST(Gzip, CutOffItIsNotUsed) {
    const std::string whole = gzipped(header + many_operations());

    for (const std::size_t size :
         {std::size_t{2}, std::size_t{15}, whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
        const Imported imported = read(whole.substr(0, size));
        ASSERT_TRUE(imported.error) << size;
        EXPECT_EQ(imported.error->message(),
                  "h.gz: the gzip data ends early; is the file complete?");
    }
}

TEST(Gzip, DamagedItIsNotUsed) {
    std::string bytes = gzipped(header + many_operations());
    bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);

    const Imported damaged = read(bytes);
    const Imported followed = read(gzipped(header) + "junk");

    ASSERT_TRUE(damaged.error);
    EXPECT_EQ(damaged.error->message(), "h.gz: the gzip data is damaged");
    ASSERT_TRUE(followed.error);
    EXPECT_EQ(followed.error->message(), "h.gz: the gzip data is damaged");
}

}  // namespace
}  // namespace squall::history::formats
