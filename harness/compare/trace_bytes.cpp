#include "harness/compare/trace_bytes.hpp"

#include <utility>
#include <variant>

#include "harness/failure.hpp"
#include "harness/overloaded.hpp"

namespace squall::harness::compare {
namespace {

using checker::TraceBody;
using checker::TraceRecord;
using history::NodeId;

class Writer {
  public:
    /// Seven bits a byte, the lowest first (LEB128): most numbers of a trace are small.
    void number(std::uint64_t value) {
        while (value >= 0x80) {
            out_.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80U)));
            value >>= 7U;
        }
        out_.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    }

    void text(std::string_view text) {
        number(text.size());
        out_.append(text);
    }

    void numbers(const std::vector<std::uint64_t>& values) {
        number(values.size());
        for (const std::uint64_t value : values) {
            number(value);
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

void write(const TraceBody& body, Writer& out) {
    out.number(body.index());
    const auto all = [&out](auto... values) { (out.number(values), ...); };
    std::visit(
        Overloaded{[&](const checker::TraceInit& init) {
                       all(init.term, init.vote, init.snapshot_term, init.snapshot_index);
                       all(init.last_term, init.last_index, init.hash);
                   },
                   [&](const checker::TraceHardState& state) { all(state.term, state.vote); },
                   [&](const checker::TraceRole& role) {
                       out.text(role.role);
                       all(role.term, role.leader);
                   },
                   [&](const checker::TraceAppend& append) {
                       all(append.first);
                       out.numbers(append.terms);
                   },
                   [&](const checker::TraceDurable& durable) { all(durable.term, durable.index); },
                   [&](const checker::TraceCommit& commit) {
                       all(commit.index, commit.term, commit.match.size());
                       for (const auto& [node, index] : commit.match) {
                           all(node, index);
                       }
                   },
                   [&](const checker::TraceApply& apply) {
                       all(apply.first);
                       out.numbers(apply.terms);
                       out.numbers(apply.hashes);
                       all(apply.effects.size());
                       for (const checker::TraceEffect& effect : apply.effects) {
                           all(effect.session, effect.sequence);
                       }
                   },
                   [&](const checker::TraceSnapshot& snapshot) {
                       all(snapshot.installed ? 1U : 0U, snapshot.term, snapshot.index);
                       all(snapshot.hash);
                   },
                   [&](const checker::TraceBound& bound) {
                       out.text(bound.what);
                       all(bound.value, bound.limit);
                   }},
        body);
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool done() const { return rest_.empty(); }

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1).front());
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if ((byte & 0x80U) == 0) {
                return value;
            }
        }
        throw Failure("a recorded trace holds a number that is too long");
    }

    std::string text() { return std::string(take(number())); }

    std::vector<std::uint64_t> numbers() {
        const std::uint64_t count = number();
        // Each takes a byte at least, so that a count alone cannot make us reserve anything.
        if (count > rest_.size()) {
            throw Failure("a recorded trace ends within a list");
        }
        std::vector<std::uint64_t> values(count);
        for (std::uint64_t& value : values) {
            value = number();
        }
        return values;
    }

    NodeId node() { return static_cast<NodeId>(number()); }

  private:
    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) {
            throw Failure("a recorded trace ends within a record");
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
};

TraceBody read_body(Reader& in) {
    switch (in.number()) {
        case 0: {
            checker::TraceInit init;
            init.term = in.number();
            init.vote = in.node();
            init.snapshot_term = in.number();
            init.snapshot_index = in.number();
            init.last_term = in.number();
            init.last_index = in.number();
            init.hash = in.number();
            return init;
        }
        case 1: {
            const std::uint64_t term = in.number();
            return checker::TraceHardState{term, in.node()};
        }
        case 2: {
            checker::TraceRole role;
            role.role = in.text();
            role.term = in.number();
            role.leader = in.node();
            return role;
        }
        case 3: {
            const std::uint64_t first = in.number();
            return checker::TraceAppend{first, in.numbers()};
        }
        case 4: {
            const std::uint64_t term = in.number();
            return checker::TraceDurable{term, in.number()};
        }
        case 5: {
            checker::TraceCommit commit;
            commit.index = in.number();
            commit.term = in.number();
            for (std::uint64_t left = in.number(); left > 0; --left) {
                const NodeId node = in.node();
                commit.match[node] = in.number();
            }
            return commit;
        }
        case 6: {
            checker::TraceApply apply;
            apply.first = in.number();
            apply.terms = in.numbers();
            apply.hashes = in.numbers();
            for (std::uint64_t left = in.number(); left > 0; --left) {
                const std::uint64_t session = in.number();
                apply.effects.push_back({session, in.number()});
            }
            return apply;
        }
        case 7: {
            checker::TraceSnapshot snapshot;
            snapshot.installed = in.number() != 0;
            snapshot.term = in.number();
            snapshot.index = in.number();
            snapshot.hash = in.number();
            return snapshot;
        }
        case 8: {
            checker::TraceBound bound;
            bound.what = in.text();
            bound.value = in.number();
            bound.limit = in.number();
            return bound;
        }
        default:
            throw Failure("a recorded trace holds a record of an unknown kind");
    }
}

}  // namespace

std::string trace_bytes(std::span<const TraceRecord> records) {
    Writer out;
    for (const TraceRecord& record : records) {
        out.number(record.node);
        out.number(record.incarnation);
        out.number(record.sequence);
        out.number(static_cast<std::uint64_t>(record.raw_time_ns));
        write(record.body, out);
    }
    return out.take();
}

std::vector<TraceRecord> traces_from(std::string_view bytes) {
    static_assert(std::variant_size_v<TraceBody> == 9, "read_body has to know every kind");
    Reader in(bytes);
    std::vector<TraceRecord> records;
    while (!in.done()) {
        TraceRecord record;
        record.node = in.node();
        record.incarnation = in.number();
        record.sequence = in.number();
        record.raw_time_ns = static_cast<std::int64_t>(in.number());
        record.body = read_body(in);
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace squall::harness::compare
