#include "daemon/ctl/http_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/input_file.hpp"

namespace sim52xx::ctl {
namespace {

struct Status {
  int code;
  std::string_view words;
};

constexpr std::array statuses{
    Status{200, "OK"},
    Status{201, "Created"},
    Status{202, "Accepted"},
    Status{204, "No Content"},
    Status{206, "Partial Content"},
    Status{301, "Moved Permanently"},
    Status{302, "Found"},
    Status{303, "See Other"},
    Status{304, "Not Modified"},
    Status{307, "Temporary Redirect"},
    Status{308, "Permanent Redirect"},
    Status{400, "Bad Request"},
    Status{401, "Unauthorized"},
    Status{403, "Forbidden"},
    Status{404, "Not Found"},
    Status{405, "Method Not Allowed"},
    Status{408, "Request Timeout"},
    Status{409, "Conflict"},
    Status{410, "Gone"},
    Status{411, "Length Required"},
    Status{412, "Precondition Failed"},
    Status{413, "Content Too Large"},
    Status{415, "Unsupported Media Type"},
    Status{416, "Range Not Satisfiable"},
    Status{429, "Too Many Requests"},
    Status{500, "Internal Server Error"},
    Status{501, "Not Implemented"},
    Status{502, "Bad Gateway"},
    Status{503, "Service Unavailable"},
    Status{504, "Gateway Timeout"},
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// A token of RFC 9110.
bool is_name(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || marks.find(c) != marks.npos;
  });
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

Outcome<void> read_header_file(const std::string& path, std::vector<Header>& headers) {
  const auto text = read_whole(path);
  if (!text) return text.error();
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (trimmed(line).empty()) continue;
    auto header = parse_header(line);
    if (!header) return header.error();
    headers.push_back(std::move(*header));
  }
  return {};
}

}  // namespace

Outcome<Header> parse_header(std::string_view text) {
  text = trimmed(text);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos && text.ends_with(';') &&
      is_name(text.substr(0, text.size() - 1)))
    return Header(text.substr(0, text.size() - 1), "");
  const std::string_view name = text.substr(0, colon);
  if (colon == std::string_view::npos || !is_name(name))
    return misuse("not a header: " + printable(text), {"a header reads -H 'Name: value'"});
  const std::string_view value = trimmed(text.substr(colon + 1));
  if (value.empty())
    return misuse("the header " + std::string(name) + " has no value",
                  {"to send it empty: -H '" + std::string(name) + ";'"});
  return Header(name, value);
}

Outcome<std::vector<Header>> read_headers(const std::vector<std::string>& given) {
  std::vector<Header> headers;
  for (const std::string& entry : given) {
    if (entry.starts_with('@')) {
      if (auto read = read_header_file(entry.substr(1), headers); !read) return read.error();
      continue;
    }
    auto header = parse_header(entry);
    if (!header) return header.error();
    headers.push_back(std::move(*header));
  }
  return headers;
}

bool has_header(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& header) { return same_name(header.first, name); });
}

std::string status_text(int status) {
  const auto* at = std::find_if(statuses.begin(), statuses.end(),
                                [&](const Status& known) { return known.code == status; });
  std::string words = std::to_string(status);
  if (at != statuses.end()) words.append(" ").append(at->words);
  return words;
}

// Headers come as an object, a list of pairs or a list of objects: daemons differ.
std::string head_text(const json& result) {
  const auto status = number(result, "status");
  std::string head = "HTTP/1.1 " + status_text(static_cast<int>(status.value_or(0))) + "\r\n";
  const json& headers = member(result, "headers");
  const auto add = [&](const std::string& name, const json& value) {
    head += name + ": " + plain(value) + "\r\n";
  };
  for (const auto& [name, value] : headers.items()) {
    if (headers.is_array() && value.is_array() && value.size() == 2)
      add(plain(value[0]), value[1]);
    else if (headers.is_array() && value.is_object())
      add(text(value, "name"), member(value, "value"));
    else if (value.is_array())
      for (const json& each : value)
        add(name, each);
    else
      add(name, value);
  }
  return head + "\r\n";
}

}  // namespace sim52xx::ctl
