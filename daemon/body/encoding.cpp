#include "daemon/body/encoding.hpp"

#include <cstdint>

namespace sim52xx::daemon {
namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

// How many bytes a character has that begins with this one, and what is left of its bits; 0: none.
struct Lead {
  std::size_t length;
  std::uint32_t bits;
  std::uint32_t lowest;  // the smallest character of that length
};

Lead lead(std::uint32_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte < 0xE0) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte < 0xF0) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte < 0xF5) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group =
        (byte_at(bytes, i) << 16U) | (byte_at(bytes, i + 1) << 8U) | byte_at(bytes, i + 2);
    text += letters[(group >> 18U) & 63U];
    text += letters[(group >> 12U) & 63U];
    text += i + 1 < bytes.size() ? letters[(group >> 6U) & 63U] : '=';
    text += i + 2 < bytes.size() ? letters[group & 63U] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const std::size_t value = pad ? 0 : letters.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    group = (group << 6U) | static_cast<std::uint32_t>(value);
    if (i % 4 != 3) continue;
    for (const unsigned shift : {16U, 8U, 0U})
      bytes += static_cast<char>((group >> shift) & 0xFFU);
    group = 0;
  }
  for (std::size_t i = 0; i < padding; ++i) {
    if (bytes.back() != 0) return std::nullopt;  // bits that belong to nothing
    bytes.pop_back();
  }
  return bytes;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const Lead first = lead(byte_at(bytes, i));
    if (first.length == 0 || i + first.length > bytes.size()) return false;
    std::uint32_t character = first.bits;
    for (std::size_t k = 1; k < first.length; ++k) {
      const std::uint32_t next = byte_at(bytes, i + k);
      if ((next & 0xC0U) != 0x80) return false;
      character = (character << 6U) | (next & 0x3FU);
    }
    const bool surrogate = character >= 0xD800 && character < 0xE000;
    if (character < first.lowest || character > 0x10FFFF || surrogate) return false;
    i += first.length;
  }
  return true;
}

}  // namespace sim52xx::daemon
