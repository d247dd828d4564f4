// Every target for libFuzzer, in one program (libFuzzer itself ignores flags that begin with --):
//   fuzz --target=NAME [libFuzzer's flags] [CORPUS...]
//   fuzz --target=NAME --seed-corpus=DIR     writes seeds into DIR, the dictionary to DIR.dict
//   fuzz --list
// Tells at the end how many inputs were accepted: a target that refuses all tests nothing.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/fuzz/json_mutate.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using squall::fuzz::Target;

const Target* chosen = nullptr;
unsigned long long inputs = 0;
unsigned long long accepted = 0;

void print_tally() {
    fmt::print(stderr, "squall-fuzz: {} of {} inputs were accepted\n", accepted, inputs);
}

void write_seeds(const std::string& directory) {
    std::filesystem::create_directories(directory);
    int number = 0;
    for (const std::string& seed : chosen->seeds()) {
        std::ofstream(fmt::format("{}/seed-{}", directory, number++), std::ios::binary) << seed;
    }
    std::ofstream dictionary(directory + ".dict");
    for (const std::string& token : chosen->tokens()) {
        dictionary << '"';
        for (const char c : token) {
            dictionary << fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
        dictionary << "\"\n";
    }
}

bool flag(std::string_view argument, std::string_view name, std::string* value) {
    if (!argument.starts_with(name)) {
        return false;
    }
    *value = argument.substr(name.size());
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    std::string name;
    std::string seeds;
    for (int i = 1; i < *argc; ++i) {
        const std::string_view argument = (*argv)[i];
        if (argument == "--list") {
            for (const Target* target : squall::fuzz::targets()) {
                fmt::print("{}\n", target->name);
            }
            std::exit(0);
        }
        (void)(flag(argument, "--target=", &name) || flag(argument, "--seed-corpus=", &seeds));
    }
    for (const Target* target : squall::fuzz::targets()) {
        chosen = target->name == name ? target : chosen;
    }
    if (chosen == nullptr) {
        fmt::print(stderr, "fuzz: --target={}: there is no such target; see --list\n", name);
        std::exit(64);
    }
    if (!seeds.empty()) {
        write_seeds(seeds);
        std::exit(0);
    }
    std::atexit(print_tally);
    return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t max_size,
                                               unsigned int seed) {
    if (chosen->json_counter == nullptr || seed % 4 == 0) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string changed = squall::fuzz::mutate_json(text, seed, chosen->json_counter);
    if (changed == text || changed.size() > max_size) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    std::copy(changed.begin(), changed.end(), reinterpret_cast<char*>(data));
    return changed.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ++inputs;
    accepted += chosen->run({reinterpret_cast<const char*>(data), size}) ? 1U : 0U;
    return 0;
}
