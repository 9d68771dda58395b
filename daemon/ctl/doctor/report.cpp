#include "daemon/ctl/doctor/report.hpp"

#include <algorithm>

#include "daemon/ctl/help.hpp"
#include "daemon/ctl/labels.hpp"

namespace sim52xx::ctl::doctor {
namespace {

constexpr std::size_t grade_width = 9;
constexpr std::size_t name_width = 14;
constexpr std::size_t columns = 100;

Ink ink_of(Grade grade) {
  switch (grade) {
    case Grade::ok:
      return Ink::good;
    case Grade::warning:
      return Ink::fair;
    case Grade::problem:
      return Ink::bad;
    case Grade::skipped:
      break;
  }
  return Ink::dim;
}

std::string padded(std::string_view words, std::size_t width) {
  std::string text(words);
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

// Behind `before`, whose width is `used`; further lines are indented as far.
void add(std::string& all, const std::string& before, std::size_t used, const std::string& words) {
  std::string lines = filled(printable(words), columns - used);
  std::size_t start = 0;
  while (start < lines.size()) {
    const auto end = lines.find('\n', start);
    all += start == 0 ? before : std::string(used, ' ');
    all += lines.substr(start, end - start) + "\n";
    start = end + 1;
  }
}

std::size_t count_of(const std::vector<Answer>& answers, Grade grade) {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(),
                    [&](const Answer& answer) { return answer.verdict.grade == grade; }));
}

std::string counted(std::size_t count, std::string_view what) {
  if (count == 0) return {};
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

std::string page(const std::vector<Answer>& answers, const Style& style) {
  std::string all;
  Phrase not_asked;
  for (const Answer& answer : answers) {
    const Verdict& verdict = answer.verdict;
    if (verdict.grade == Grade::skipped && verdict.finding.starts_with("not asked")) {
      not_asked.add(answer.name);
      continue;
    }
    const std::string title = padded(answer.name, name_width);
    const std::string grade = padded(name(verdict.grade), grade_width);
    add(all, style.paint(grade, ink_of(verdict.grade)) + title, grade.size() + title.size(),
        verdict.finding);
    const std::string mark = std::string(grade_width + name_width, ' ') + "try ";
    for (const std::string& remedy : verdict.remedies)
      add(all, style.paint(mark, Ink::dim), mark.size(), remedy);
  }
  const std::string title = padded(name(Grade::skipped), grade_width);
  add(all, style.paint(title, Ink::dim), title.size(), not_asked.text());
  return all;
}

json report(const std::vector<Answer>& answers) {
  json list = json::array();
  for (const Answer& answer : answers)
    list.push_back({{"name", answer.name},
                    {"question", answer.question},
                    {"verdict", name(answer.verdict.grade)},
                    {"finding", answer.verdict.finding},
                    {"remedies", answer.verdict.remedies}});
  return {{"healthy", healthy(answers)}, {"checks", std::move(list)}};
}

std::string summary(const std::vector<Answer>& answers) {
  const std::string problems = counted(count_of(answers, Grade::problem), "problem");
  const std::string warnings = counted(count_of(answers, Grade::warning), "warning");
  return problems + (problems.empty() || warnings.empty() ? "" : " and ") + warnings;
}

bool healthy(const std::vector<Answer>& answers) {
  return count_of(answers, Grade::problem) == 0;
}

}  // namespace sim52xx::ctl::doctor
