// Everything rests on images: a node that is read from one must go on as if nothing had happened.
#include "raft/image.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/explore/node.hpp"

namespace squall::harness::explore {
namespace {

std::string image_of(const Node& node, std::span<const raft::NodeId> names = {}) {
    std::string image;
    node.write_image(image, names);
    return image;
}

/// In no order, as the network has none.
std::multiset<std::string> bytes_of(const std::vector<raft::Envelope>& messages) {
    std::multiset<std::string> all;
    for (const raft::Envelope& message : messages) {
        std::string bytes;
        raft::image::Writer writer(bytes);
        writer(message);
        all.insert(bytes);
    }
    return all;
}

/// A cluster that takes the steps which the numbers choose; each node twice: one lives on, the
/// other is read from its image for every step.
class Twins {
  public:
    explicit Twins(std::uint32_t nodes) {
        Options options;
        options.nodes = nodes;
        for (raft::NodeId id = 1; id <= nodes; ++id) {
            configs_.push_back(config_of(id, options));
        }
        for (const raft::CoreConfig& config : configs_) {
            living_.emplace_back(config);
            images_.push_back(image_of(living_.back()));
        }
    }

    /// False when the twins differ.
    bool step(std::uint32_t choice) {
        const std::size_t at = choice % living_.size();
        Input input;
        raft::Envelope envelope;
        if (choice / 16 % 8 < 5 && !network_.empty()) {
            const std::size_t place = choice / 128 % network_.size();
            envelope = network_[place];
            network_.erase(network_.begin() + static_cast<std::ptrdiff_t>(place));
            return feed(envelope.to - 1, {InputKind::message, 0, &envelope});
        }
        const bool leads = living_[at].status().role == raft::Role::leader;
        switch (choice / 1024 % 8) {
            case 0:
                return feed(at, {leads ? InputKind::heartbeat : InputKind::election_timeout});
            case 1:
                return !leads || feed(at, {InputKind::propose, choice % 5});
            case 2:
                return !leads || feed(at, {InputKind::read});
            case 3:
                return choice % 5 != 0 || feed(at, {InputKind::crash, choice / 8192 % 4});
            case 4:
                return !leads || choice % 7 != 0 || feed(at, {InputKind::step_down});
            default:
                return living_[at].writes().empty() || feed(at, {InputKind::persist});
        }
    }

    [[nodiscard]] raft::Index committed() const {
        raft::Index most = 0;
        for (const Node& node : living_) {
            most = std::max(most, node.status().commit);
        }
        return most;
    }

    [[nodiscard]] const std::vector<std::string>& images() const { return images_; }

    [[nodiscard]] const std::vector<raft::CoreConfig>& configs() const { return configs_; }

  private:
    bool feed(std::size_t at, const Input& input) {
        Node reader(configs_[at], images_[at]);
        const Outcome read = reader.step(input, false);
        const Outcome lived = living_[at].step(input, false);
        images_[at] = image_of(reader);
        for (const raft::Envelope& envelope : lived.messages) {
            network_.push_back(envelope);
        }
        return images_[at] == image_of(living_[at]) && !lived.violation && !read.violation &&
               bytes_of(read.messages) == bytes_of(lived.messages) &&
               read.facts.size() == lived.facts.size();
    }

    std::vector<raft::CoreConfig> configs_;
    std::vector<Node> living_;
    std::vector<std::string> images_;
    std::vector<raft::Envelope> network_;
};

RC_GTEST_PROP(Image, ANodeReadFromItsImageGoesOnAsIfNothingHadHappened, ()) {
    Twins twins(*rc::gen::inRange<std::uint32_t>(2, 6));
    const auto choices = *rc::gen::container<std::vector<std::uint32_t>>(
        400, rc::gen::inRange<std::uint32_t>(0, 1U << 20U));
    for (const std::uint32_t choice : choices) {
        RC_ASSERT(twins.step(choice));
    }
    RC_TAG(twins.committed() > 0);
}

RC_GTEST_PROP(Image, OtherNamesAndBackIsTheSameImage, ()) {
    Twins twins(3);
    const auto choices = *rc::gen::container<std::vector<std::uint32_t>>(
        200, rc::gen::inRange<std::uint32_t>(0, 1U << 20U));
    for (const std::uint32_t choice : choices) {
        RC_ASSERT(twins.step(choice));
    }
    const std::vector<raft::NodeId> there{0, 2, 3, 1};
    const std::vector<raft::NodeId> back{0, 3, 1, 2};

    for (std::size_t i = 0; i < 3; ++i) {
        const Node node(twins.configs()[i], twins.images()[i]);
        const std::string renamed = image_of(node, there);
        const Node other(twins.configs()[there[i + 1] - 1], renamed);

        RC_ASSERT(image_of(other, back) == twins.images()[i]);
    }
}

TEST(Image, ALeaderIsElectedAndCommitsAmongTwins) {
    Twins twins(3);
    std::uint32_t choice = 12345;
    for (int i = 0; i < 3000; ++i) {
        choice = choice * 1664525U + 1013904223U;

        ASSERT_TRUE(twins.step(choice >> 8U)) << "step " << i;
    }

    EXPECT_GT(twins.committed(), 0U);
}

}  // namespace
}  // namespace squall::harness::explore
