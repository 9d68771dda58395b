#include "daemon/ctl/table.hpp"

#include <algorithm>

namespace sim52xx::ctl {
namespace {

struct Column {
  std::string heading;
  std::size_t width = 0;
  bool numbers = false;
  bool shown = false;
};

std::string_view content(const Cell& cell) {
  return cell.text.empty() ? std::string_view("-") : std::string_view(cell.text);
}

std::string padded(std::string_view text, std::string painted, const Column& column, bool last) {
  const std::string space(column.width - std::min(column.width, width_of(text)), ' ');
  if (column.numbers) return space + painted;
  return last ? painted : painted + space;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string Table::text(const Style& style) const {
  std::vector<Column> columns;
  std::size_t last = 0;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    Column column;
    column.numbers = headings_[i].starts_with('>');
    column.heading = headings_[i].substr(column.numbers ? 1 : 0);
    column.width = width_of(column.heading);
    for (const auto& row : rows_) {
      column.width = std::max(column.width, width_of(content(row.at(i))));
      column.shown = column.shown || content(row.at(i)) != "-";
    }
    if (column.shown) last = i;
    columns.push_back(std::move(column));
  }
  const auto line = [&](const auto& cell_at) {
    std::string whole;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].shown) continue;
      if (!whole.empty()) whole += "  ";
      const auto [shown, ink] = cell_at(i);
      whole += padded(shown, style.paint(shown, ink), columns[i], i == last);
    }
    return whole + '\n';
  };
  std::string all = line(
      [&](std::size_t i) { return std::pair(std::string_view(columns[i].heading), Ink::dim); });
  for (const auto& row : rows_)
    all += line([&](std::size_t i) { return std::pair(content(row.at(i)), row.at(i).ink); });
  return all;
}

}  // namespace sim52xx::ctl
