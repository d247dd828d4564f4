#include "checker/zone_order.hpp"

#include <algorithm>

#include "checker/zone_conflict.hpp"
#include "checker/zone_floating.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::OperationId;
using BlockId = std::uint32_t;
constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

/// From the first completion to the last invocation of what belongs together. "Forward" where they
/// come in this order: all that time it is certainly there.
struct Zone {
    Moment first_completed = end_of_time;
    Moment last_invoked = 0;

    [[nodiscard]] bool forward() const { return first_completed < last_invoked; }
};

class Ordering {
  public:
    explicit Ordering(const ZoneInput& input) : input_(input), conflict_(input, kept_, sequence_) {}

    ZoneOrder run() {
        keep_what_was_seen();
        glue();
        if (conflict_.empty()) {
            measure();
            check_within_eras();
        }
        if (conflict_.empty()) {
            check_within_blocks();
        }
        if (conflict_.empty()) {
            check_between_blocks();
        }
        if (conflict_.empty()) {
            lay_out();
        }
        order_.conflict = conflict_.take();
        return std::move(order_);
    }

  private:
    [[nodiscard]] std::size_t places() const { return input_.era_of.size(); }

    [[nodiscard]] bool kept(EraId era) const { return kept_[era] != 0; }

    // ---- which eras there are

    /// A mutation of unknown outcome took effect if a read saw its state or a mutation that took
    /// effect expected it. Whatever else was never seen is as if it had never been.
    void keep_what_was_seen() {
        kept_.assign(input_.eras.size(), 0);
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era != no_era && (input_.eras[era].certain || !input_.begins(place, era))) {
                kept_[era] = 1;
            }
        }
        kept_[initial_era] = 1;
        for (EraId era = 0; era < kept_.size(); ++era) {
            if (!kept(era)) {
                continue;
            }
            for (EraId before = input_.eras[era].after; before < missing_era && !kept(before);
                 before = input_.eras[before].after) {
                kept_[before] = 1;
            }
        }
    }

    /// Makes blocks of eras that follow upon each other.
    void glue() {
        std::vector<EraId> next(input_.eras.size(), no_era);
        std::size_t count = 0;
        for (EraId era = 0; era < input_.eras.size(); ++era) {
            if (!kept(era)) {
                continue;
            }
            ++count;
            const EraId before = input_.eras[era].after;
            if (before == missing_era) {
                conflict_.era(era);
                conflict_.failed_writer(era);
                return;
            }
            if (before == no_era) {
                continue;
            }
            if (next[before] != no_era) {
                conflict_.era(next[before]);
                conflict_.era(era);
                return;
            }
            next[before] = era;
        }
        sequence_.reserve(count);
        position_.assign(input_.eras.size(), nowhere);
        block_of_.assign(input_.eras.size(), nowhere);
        for (EraId era = 0; era < input_.eras.size(); ++era) {
            if (!kept(era) || input_.eras[era].after != no_era) {
                continue;
            }
            for (EraId member = era; member != no_era; member = next[member]) {
                position_[member] = static_cast<std::uint32_t>(sequence_.size());
                block_of_[member] = static_cast<BlockId>(ends_.size());
                sequence_.push_back(member);
            }
            ends_.push_back(static_cast<std::uint32_t>(sequence_.size()));
        }
        if (sequence_.size() < count) {
            blame_circle();
        }
    }

    /// Each expects what the next leaves behind, and nobody begins.
    void blame_circle() {
        EraId era = initial_era;
        while (!kept(era) || position_[era] != nowhere) {
            ++era;
        }
        // It may only lead to the circle; after as many steps as there are eras it is in it.
        for (std::size_t step = 0; step < input_.eras.size(); ++step) {
            era = input_.eras[era].after;
        }
        const EraId first = era;
        do {
            conflict_.era(era);
            era = input_.eras[era].after;
        } while (era != first);
    }

    // ---- precedences

    void measure() {
        zones_.assign(input_.eras.size(), {});
        zones_[initial_era].first_completed = 0;
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era == no_era || !kept(era)) {
                continue;
            }
            const CompactOperation& operation = input_.at(place);
            Zone& zone = zones_[era];
            zone.first_completed = std::min(zone.first_completed, input_.completed(operation));
            zone.last_invoked = input_.invoked(operation);
        }
    }

    /// Nobody may have read a state before its mutation was invoked.
    void check_within_eras() {
        for (EraId era = initial_era + 1; era < input_.eras.size(); ++era) {
            if (!kept(era)) {
                continue;
            }
            const OperationId mutation = input_.eras[era].mutation;
            if (zones_[era].first_completed <
                input_.invoked(input_.problem.history.operations[mutation])) {
                conflict_.completed_at(zones_[era].first_completed);
                conflict_.operation(mutation);
                return;
            }
        }
    }

    void check_within_blocks() {
        blocks_.resize(ends_.size());
        for (std::size_t block = 0; block < ends_.size(); ++block) {
            const std::size_t begin = block == 0 ? 0 : ends_[block - 1];
            Zone& all = blocks_[block];
            std::size_t first = begin;  // where the first completion of those behind is
            for (std::size_t i = ends_[block]; i-- > begin;) {
                const Zone& zone = zones_[sequence_[i]];
                if (zone.last_invoked > all.first_completed) {
                    conflict_.invoked_at(zone.last_invoked);
                    conflict_.completed_at(all.first_completed);
                    conflict_.glue(i, first);
                    return;
                }
                if (zone.first_completed < all.first_completed) {
                    all.first_completed = zone.first_completed;
                    first = i;
                }
            }
            for (std::size_t i = begin; i < ends_[block]; ++i) {
                all.last_invoked = std::max(all.last_invoked, zones_[sequence_[i]].last_invoked);
            }
        }
    }

    /// Blocks in order of their last invocations, which is the order of the operations.
    void sort_blocks() {
        std::vector<std::uint32_t> last(blocks_.size(), nowhere);
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era != no_era && kept(era)) {
                last[block_of_[era]] = static_cast<std::uint32_t>(place);
            }
        }
        sorted_.reserve(blocks_.size());
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era != no_era && kept(era) && last[block_of_[era]] == place) {
                sorted_.push_back(block_of_[era]);
            }
        }
    }

    /// Forward zones must not overlap; a backward zone must not lie within a forward one. One that
    /// only begins within a forward zone comes after it.
    void check_between_blocks() {
        sort_blocks();
        std::vector<BlockId> waiting;
        std::vector<BlockId> arranged;
        arranged.reserve(sorted_.size());
        std::size_t next_forward = 0;
        BlockId previous = nowhere;
        for (std::size_t i = 0; i < sorted_.size(); ++i) {
            const BlockId block = sorted_[i];
            const Zone& zone = blocks_[block];
            if (zone.forward()) {
                if (previous != nowhere && zone.first_completed < blocks_[previous].last_invoked) {
                    blame_blocks(previous, block);
                    return;
                }
                previous = block;
                arranged.push_back(block);
                arranged.insert(arranged.end(), waiting.begin(), waiting.end());
                waiting.clear();
                continue;
            }
            next_forward = std::max(next_forward, i);
            while (next_forward < sorted_.size() && !blocks_[sorted_[next_forward]].forward()) {
                ++next_forward;
            }
            const bool within = next_forward < sorted_.size() &&
                                blocks_[sorted_[next_forward]].first_completed < zone.last_invoked;
            if (within && zone.first_completed < blocks_[sorted_[next_forward]].last_invoked) {
                blame_blocks(sorted_[next_forward], block);
                return;
            }
            (within ? waiting : arranged).push_back(block);
        }
        sorted_ = std::move(arranged);
    }

    void blame_blocks(BlockId a, BlockId b) {
        for (const BlockId block : {a, b}) {
            const Zone zone = blocks_[block];
            const std::size_t begin = block == 0 ? 0 : ends_[block - 1];
            std::size_t first = ends_[block];
            std::size_t last = begin;
            for (std::size_t i = begin; i < ends_[block]; ++i) {
                if (zones_[sequence_[i]].first_completed == zone.first_completed ||
                    zones_[sequence_[i]].last_invoked == zone.last_invoked) {
                    first = std::min(first, i);
                    last = std::max(last, i);
                }
            }
            conflict_.completed_at(zone.first_completed);
            conflict_.invoked_at(zone.last_invoked);
            conflict_.glue(first, last);
            conflict_.era(sequence_[last]);
        }
    }

    /// Those that fit upon any state and may have taken effect unseen, or not at all.
    [[nodiscard]] std::vector<std::uint32_t> unseen_mutations() const {
        std::vector<std::uint32_t> places_of_them;
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era != no_era && !kept(era) && input_.eras[era].after == no_era &&
                input_.begins(place, era)) {
                places_of_them.push_back(static_cast<std::uint32_t>(place));
            }
        }
        return places_of_them;
    }

    // ---- the witness

    void lay_out() {
        std::vector<std::uint32_t> size(input_.eras.size(), 0);
        for (const EraId era : input_.era_of) {
            if (era != no_era && kept(era)) {
                ++size[era];
            }
        }
        std::vector<std::uint32_t> mutation_at(input_.eras.size(), 0);
        std::vector<std::uint32_t> read_at(input_.eras.size(), 0);
        std::uint32_t total = 0;
        const auto lay_out_block = [&](BlockId block) {
            for (std::size_t i = block == 0 ? 0 : ends_[block - 1]; i < ends_[block]; ++i) {
                const EraId era = sequence_[i];
                mutation_at[era] = total;
                read_at[era] = total + (era == initial_era ? 0 : 1);
                total += size[era];
            }
        };
        for (const BlockId block : sorted_) {
            lay_out_block(block);
        }
        std::vector<std::uint32_t> order(total);
        for (std::size_t place = 0; place < places(); ++place) {
            const EraId era = input_.era_of[place];
            if (era != no_era && kept(era)) {
                order[input_.begins(place, era) ? mutation_at[era] : read_at[era]++] =
                    static_cast<std::uint32_t>(place);
            }
        }
        if (!input_.floating.empty()) {
            order_.floats_fit = let_float(input_, unseen_mutations(), order);
        }
        order_.witness.reserve(order.size());
        for (const std::uint32_t place : order) {
            order_.witness.push_back(input_.problem.part.operations[place]);
        }
    }

    const ZoneInput& input_;
    ZoneOrder order_;
    std::vector<char> kept_;       ///< By era: it took place.
    std::vector<EraId> sequence_;  ///< Block after block.
    ZoneConflict conflict_;
    std::vector<std::uint32_t> ends_;  ///< By block: where in `sequence_` it ends.
    std::vector<std::uint32_t> position_;
    std::vector<BlockId> block_of_;
    std::vector<Zone> zones_;   ///< By era.
    std::vector<Zone> blocks_;  ///< By block.
    std::vector<BlockId> sorted_;
};

}  // namespace

ZoneOrder order_eras(const ZoneInput& input) {
    return Ordering(input).run();
}

}  // namespace squall::checker
