// Columns that line up, for lists. A column that is empty or "-" in every row is left out.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/style.hpp"

namespace sim52xx::ctl {

struct Cell {
  Cell(std::string content, Ink colour = Ink::plain)
      : text(std::move(content)), ink(colour) {}  // NOLINT: implicit
  Cell(const char* content) : text(content) {}    // NOLINT: implicit

  std::string text;  // empty: "-"
  Ink ink = Ink::plain;
};

class Table {
 public:
  // A heading that begins with ">" makes a column of numbers, flush right.
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text(const Style& style) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

// Columns that a text takes on a terminal: UTF-8 characters, not bytes.
std::size_t width_of(std::string_view text);

}  // namespace sim52xx::ctl
