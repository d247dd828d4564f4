#include "tests/raft/scenarios/scenario.hpp"

#include "tests/raft/scenarios/player.hpp"

namespace squall::raft::test {

std::vector<std::string> play(const Script& script) {
    Player player;
    std::vector<std::string> outputs;
    for (const Block& block : script.blocks) {
        for (std::size_t i = 0; i < block.lines.size(); ++i) {
            player.execute(parse_command(script.where(block.line + i), block.lines[i]));
        }
        std::string output = player.take_output();
        outputs.push_back(output.empty() ? "ok\n" : std::move(output));
    }
    return outputs;
}

}  // namespace squall::raft::test
