#include "harness/process/clock_shim/shim_vdso.hpp"

#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elf.h>

namespace squall::clock_shim {

namespace {

/// A mapping of the vDSO or of its data, which its code addresses relative to itself: they move
/// together.
struct Part {
    char* begin = nullptr;
    std::size_t size = 0;
};

struct Parts {
    static constexpr int count_max = 4;
    Part part[count_max];
    int count = 0;

    [[nodiscard]] const Part& code() const { return part[count - 1]; }

    [[nodiscard]] char* begin() const { return part[0].begin; }

    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(code().begin + code().size - begin());
    }
};

std::uintptr_t read_hex(const char*& text) {
    std::uintptr_t value = 0;
    for (;; ++text) {
        const char c = *text;
        if (c >= '0' && c <= '9') {
            value = value * 16 + static_cast<std::uintptr_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value = value * 16 + static_cast<std::uintptr_t>(c - 'a' + 10);
        } else {
            return value;
        }
    }
}

/// A line of /proc/self/maps.
void add_part(const char* line, Parts& parts) {
    if (std::strstr(line, "[vvar") == nullptr && std::strstr(line, "[vdso]") == nullptr) {
        return;
    }
    const char* at = line;
    const std::uintptr_t begin = read_hex(at);
    ++at;
    const std::uintptr_t end = read_hex(at);
    if (parts.count < Parts::count_max) {
        parts.part[parts.count] = {reinterpret_cast<char*>(begin), end - begin};
    }
    ++parts.count;
}

/// By plain reads: nothing may allocate memory before the program's own allocator is ready.
Parts find_parts() {
    Parts parts;
    const int file = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    char line[512];
    std::size_t length = 0;
    char buffer[4096];
    ssize_t count = 0;
    while (file >= 0 && (count = ::read(file, buffer, sizeof(buffer))) > 0) {
        for (ssize_t i = 0; i < count; ++i) {
            if (buffer[i] == '\n') {
                line[length] = '\0';
                add_part(line, parts);
                length = 0;
            } else if (length + 1 < sizeof(line)) {
                line[length++] = buffer[i];
            }
        }
    }
    if (file >= 0) {
        ::close(file);
    }
    return parts;
}

/// One behind the other, the code last: as every kernel lays them out.
bool as_expected(const Parts& parts) {
    if (parts.count == 0 || parts.count > Parts::count_max ||
        reinterpret_cast<std::uintptr_t>(parts.code().begin) != ::getauxval(AT_SYSINFO_EHDR)) {
        return false;
    }
    for (int i = 1; i < parts.count; ++i) {
        if (parts.part[i - 1].begin + parts.part[i - 1].size != parts.part[i].begin) {
            return false;
        }
    }
    return true;
}

bool one_thread() {
    struct stat tasks {};

    constexpr nlink_t itself_parent_and_one = 3;
    return ::stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == itself_parent_and_one;
}

struct Symbols {
    const Elf64_Sym* symbol = nullptr;
    const char* names = nullptr;
    std::uint32_t count = 0;
};

Symbols find_symbols(const char* image) {
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(image);
    const auto* segment = reinterpret_cast<const Elf64_Phdr*>(image + header->e_phoff);
    const Elf64_Dyn* entry = nullptr;
    for (int i = 0; i < header->e_phnum; ++i) {
        if (segment[i].p_type == PT_DYNAMIC) {
            entry = reinterpret_cast<const Elf64_Dyn*>(image + segment[i].p_offset);
        }
    }
    Symbols symbols;
    for (; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
        const char* target = image + entry->d_un.d_ptr;
        if (entry->d_tag == DT_SYMTAB) {
            symbols.symbol = reinterpret_cast<const Elf64_Sym*>(target);
        } else if (entry->d_tag == DT_STRTAB) {
            symbols.names = target;
        } else if (entry->d_tag == DT_HASH) {
            symbols.count = reinterpret_cast<const std::uint32_t*>(target)[1];
        }
    }
    return symbols;
}

/// movabs $target, %r11; jmp *%r11: touches no argument.
constexpr unsigned char jump[] = {0x49, 0xBB, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0xFF, 0xE3};

void write_jump(char* at, const void* target) {
    std::memcpy(at, jump, sizeof(jump));
    std::memcpy(at + 2, static_cast<const void*>(&target), sizeof(target));
}

/// Null: not one of the clocks'.
const void* hook_of(const char* name, const VdsoHooks& hooks) {
    constexpr char prefix[] = "__vdso_";
    if (std::strncmp(name, prefix, sizeof(prefix) - 1) == 0) {
        name += sizeof(prefix) - 1;
    }
    if (std::strcmp(name, "clock_gettime") == 0) {
        return reinterpret_cast<const void*>(hooks.clock_gettime);
    }
    if (std::strcmp(name, "gettimeofday") == 0) {
        return reinterpret_cast<const void*>(hooks.gettimeofday);
    }
    return std::strcmp(name, "time") == 0 ? reinterpret_cast<const void*>(hooks.time) : nullptr;
}

/// Every function of the copy becomes a jump, since its own code cannot find its data there.
/// `moved_code` is where the original will be. Returns its clock_gettime; null: not understood.
ClockGettime* redirect(char* copy, char* moved_code, const VdsoHooks& hooks) {
    const Symbols symbols = find_symbols(copy);
    if (symbols.symbol == nullptr || symbols.names == nullptr) {
        return nullptr;
    }
    ClockGettime* clock_gettime = nullptr;
    for (std::uint32_t i = 0; i < symbols.count; ++i) {
        const Elf64_Sym& symbol = symbols.symbol[i];
        if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) {
            continue;
        }
        if (symbol.st_size < sizeof(jump)) {
            return nullptr;
        }
        char* original = moved_code + symbol.st_value;
        const void* hook = hook_of(symbols.names + symbol.st_name, hooks);
        if (hook == reinterpret_cast<const void*>(hooks.clock_gettime)) {
            clock_gettime = reinterpret_cast<ClockGettime*>(original);
        }
        write_jump(copy + symbol.st_value, hook != nullptr ? hook : original);
    }
    return clock_gettime;
}

bool move(char* from, std::size_t size, char* to) {
    return ::mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

/// The parts to `area` and the copy to where the code was; or nothing.
bool swap(const Parts& parts, char* area, char* copy) {
    int moved = 0;
    const auto target = [&](int i) { return area + (parts.part[i].begin - parts.begin()); };
    while (moved < parts.count &&
           move(parts.part[moved].begin, parts.part[moved].size, target(moved))) {
        ++moved;
    }
    if (moved == parts.count && move(copy, parts.code().size, parts.code().begin)) {
        return true;
    }
    while (moved > 0) {
        --moved;
        move(target(moved), parts.part[moved].size, parts.part[moved].begin);
    }
    return false;
}

char* map(std::size_t size, int protection) {
    void* mapped = ::mmap(nullptr, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mapped == MAP_FAILED ? nullptr : static_cast<char*>(mapped);
}

}  // namespace

const char* patch_vdso(const VdsoHooks& hooks, ClockGettime*& moved) {
#if !defined(__x86_64__)
    return "not written for this kind of processor";
#endif
    if (!one_thread()) {
        return "other threads run already";
    }
    const Parts parts = find_parts();
    if (!as_expected(parts)) {
        return "it is not where it is expected";
    }
    char* area = map(parts.size(), PROT_NONE);
    char* copy = map(parts.code().size, PROT_READ | PROT_WRITE);
    if (area == nullptr || copy == nullptr) {
        return "no memory";
    }
    std::memcpy(copy, parts.code().begin, parts.code().size);
    ClockGettime* original = redirect(copy, area + (parts.code().begin - parts.begin()), hooks);
    if (original == nullptr) {
        return "it has no functions that are understood";
    }
    if (::mprotect(copy, parts.code().size, PROT_READ | PROT_EXEC) != 0) {
        return "a copy must not be executed here";
    }
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    moved = original;
    const bool swapped = swap(parts, area, copy);
    if (!swapped) {
        moved = nullptr;
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return swapped ? nullptr : "the kernel lets nobody move it";
}

}  // namespace squall::clock_shim
