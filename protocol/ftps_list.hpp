// Listings of FTP servers, line by line, as values: `ls -l` in its variants, the DOS form of IIS,
// and the facts of MLSD (RFC 3659). A server may send anything: what is not understood is kept as
// it came. Bytes are bytes: names need not be UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx {

enum class FtpsEntryType : std::uint8_t { file, directory, link, other, unknown };

struct FtpsEntry {
  std::string name;  // without the target of a link; empty where the line is not understood
  FtpsEntryType type = FtpsEntryType::unknown;
  std::optional<std::uint64_t> size;  // of files
  // As much of RFC 3339 as the line says: "2012-09-01", "2012-09-01T18:01"; with "Z" where it is
  // known to be UTC (MLSD only). Empty where nothing can be said.
  std::string modified;
  std::string raw;
};

struct FtpsDate {
  int year;
  unsigned month;
  unsigned day;
};

// All lines of a listing but empty ones and "total N". Lines end with LF or CR LF. `ls` leaves the
// year out of recent dates; it is the one that puts the date least far into the past of `today`
// (a day ahead is allowed: the server's clock and zone are its own). Without `today` such dates are
// left out.
std::vector<FtpsEntry> parse_ftps_list(std::string_view text, std::optional<FtpsDate> today);

// One line; nullopt for those that are no entries.
std::optional<FtpsEntry> parse_ftps_line(std::string_view line, std::optional<FtpsDate> today);

// "file", "directory", "link", "other", "unknown".
std::string_view name(FtpsEntryType type);

}  // namespace sim52xx
