// Writes the bundle as C++: node embed.js bundle.js bundle.css out.cpp
import { readFileSync, writeFileSync } from "node:fs";

const [script, style, out] = process.argv.slice(2);
const PIECE = 12000; // Compilers need not accept literals beyond 64 KiB.

function literal(bytes) {
  let text = "";
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
    text += plain ? String.fromCharCode(byte) : "\\" + byte.toString(8).padStart(3, "0");
  }
  return `    "${text}",\n`;
}

function table(name, file) {
  const bytes = readFileSync(file);
  let pieces = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces += literal(bytes.subarray(at, at + PIECE));
  }
  return `constexpr std::string_view ${name}[] = {\n${pieces}};\n\n`;
}

writeFileSync(
  out,
  `// Written by harness/report/web/embed.js.
#include "harness/report/web_bundle.hpp"

namespace squall::harness::report {
namespace {

${table("script", script)}${table("style", style)}}  // namespace

std::span<const std::string_view> web_script() { return script; }

std::span<const std::string_view> web_style() { return style; }

}  // namespace squall::harness::report
`,
);
