#include "raft/types.hpp"

namespace squall::raft {

const char* to_string(Role role) {
    switch (role) {
        case Role::follower:
            return "follower";
        case Role::pre_candidate:
            return "pre_candidate";
        case Role::candidate:
            return "candidate";
        case Role::leader:
            return "leader";
    }
    return "unknown";
}

}  // namespace squall::raft
