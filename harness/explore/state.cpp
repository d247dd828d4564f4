#include "harness/explore/state.hpp"

#include "raft/image.hpp"

namespace squall::harness::explore {

void pack(const State& state, std::string& out) {
    out.clear();
    raft::image::Writer writer(out);
    for (const ImageId image : state.nodes) {
        writer.number(image);
    }
    writer.number(state.history);
    writer.number(state.budgets);
    writer.number(state.messages.size());
    MessageId before = 0;
    for (const MessageId message : state.messages) {
        writer.number(message - before);
        before = message;
    }
}

void unpack(std::string_view packed, std::size_t nodes, State& state) {
    raft::image::Reader reader(packed);
    state.nodes.resize(nodes);
    for (ImageId& image : state.nodes) {
        image = static_cast<ImageId>(reader.number());
    }
    state.history = static_cast<std::uint32_t>(reader.number());
    state.budgets = static_cast<std::uint32_t>(reader.number());
    state.messages.resize(reader.number());
    MessageId before = 0;
    for (MessageId& message : state.messages) {
        before += static_cast<MessageId>(reader.number());
        message = before;
    }
}

}  // namespace squall::harness::explore
