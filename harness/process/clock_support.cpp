#include "harness/process/clock_support.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <elf.h>
#include <fmt/format.h>

#include "harness/process/clock_shim/clock_page.hpp"

namespace squall::harness::process {

namespace {

/// Nothing: it is no ELF file at all, a script perhaps.
std::optional<Elf64_Ehdr> elf_header(const std::string& program) {
    std::ifstream file(program, std::ios::binary);
    Elf64_Ehdr header{};
    file.read(reinterpret_cast<char*>(&header), sizeof(header));
    if (!file || !std::equal(ELFMAG, ELFMAG + SELFMAG, std::begin(header.e_ident))) {
        return std::nullopt;
    }
    return header;
}

bool same_kind(const Elf64_Ehdr& a, const Elf64_Ehdr& b) {
    return a.e_ident[EI_CLASS] == b.e_ident[EI_CLASS] && a.e_machine == b.e_machine;
}

/// Has it a dynamic linker, which is what preloads?
bool has_interpreter(const std::string& program, const Elf64_Ehdr& header) {
    std::ifstream file(program, std::ios::binary);
    for (int i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment{};
        file.seekg(static_cast<std::streamoff>(header.e_phoff) +
                   i * static_cast<std::streamoff>(sizeof(segment)));
        file.read(reinterpret_cast<char*>(&segment), sizeof(segment));
        if (file && segment.p_type == PT_INTERP) {
            return true;
        }
    }
    return false;
}

std::string joined(const char* variable, const std::string& value, char separator) {
    const char* present = std::getenv(variable);
    return present == nullptr || *present == '\0' ? value : value + separator + present;
}

}  // namespace

std::optional<std::string> clock_problem(const std::string& program, const std::string& shim) {
    constexpr const char* remedy = "leave the fault class clock out (--faults)";
    if (!std::filesystem::exists(shim)) {
        return fmt::format("clock faults need {}, which is missing: build it, or {}", shim, remedy);
    }
    const auto header = elf_header(program);
    if (!header) {
        return std::nullopt;  // What it starts is known only then; the measured effect will tell.
    }
    const auto unsupported = [&](const char* why) {
        return fmt::format(
            "clock faults are not supported for {}: it is {}, so that nothing can be preloaded; {}",
            program,
            why,
            remedy);
    };
    if (const auto own = elf_header(shim); own && !same_kind(*header, *own)) {
        return unsupported("of 32 bits or for another kind of processor");
    }
    if (!has_interpreter(program, *header)) {
        return unsupported("statically linked");
    }
    return std::nullopt;
}

std::map<std::string, std::string> clock_environment(const std::string& shim,
                                                     const std::string& page) {
    // A sanitizer's runtime insists on being the first library; it works behind the shim, too.
    return {{"LD_PRELOAD", joined("LD_PRELOAD", shim, ':')},
            {"ASAN_OPTIONS", joined("ASAN_OPTIONS", "verify_asan_link_order=0", ':')},
            {clock_shim::page_variable, page}};
}

std::string default_clock_shim() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return (self.parent_path() / "libsquall_clock.so").string();
}

}  // namespace squall::harness::process
