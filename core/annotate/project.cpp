#include "core/annotate/project.h"

#include "core/annotate/project_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <pwd.h>
#include <sstream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

std::string loginName() {
  if (const char* user = std::getenv("USER"); user && *user) return user;
  const passwd* entry = getpwuid(getuid());
  return entry ? entry->pw_name : "user";
}

/// Errors: InvalidInput if it is no project; Unsupported for a newer version.
Status checkVersion(Database& database, const fs::path& path) {
  TAGSCAPE_ASSIGN(const std::int64_t application, database.integer("PRAGMA application_id"));
  if (application != kProjectApplication)
    return failFile(ErrorCode::InvalidInput, path, "this is no Tagscape project", "Choose a .tagscape file");
  TAGSCAPE_ASSIGN(const std::int64_t version, database.integer("PRAGMA user_version"));
  if (version <= kProjectVersion) return {};
  return failFile(ErrorCode::Unsupported,
                  path,
                  fmt::format("a project of version {}, and this program knows up to {}", version, kProjectVersion),
                  "Open it with a newer Tagscape");
}

/// Empty if the file's structure is sound.
std::string damageOf(Database& database) {
  std::string found;
  const Status checked = database.each("PRAGMA quick_check(1)", {}, [&](const SqlRow& row) {
    if (row.text(0) != "ok") found = row.text(0);
    return Status();
  });
  return checked ? found : checked.error().message;
}

}  // namespace

std::int64_t nowInSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string tagsText(const ClassTags& tags) {
  std::string text;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i]) text += fmt::format("{}{}", text.empty() ? "" : " ", i);
  }
  return text;
}

ClassTags tagsFromText(const std::string& text) {
  ClassTags tags;
  std::istringstream numbers(text);
  for (std::size_t i = 0; numbers >> i;) {
    if (i < tags.size()) tags.set(i);
  }
  return tags;
}

LabelOrigin originNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(LabelOrigin::Refinement); ++i) {
    if (nameOf(static_cast<LabelOrigin>(i)) == name) return static_cast<LabelOrigin>(i);
  }
  return LabelOrigin::Unknown;
}

const std::string& projectSchema() {
  static const std::string kSchema = fmt::format(R"(
PRAGMA application_id = {};
PRAGMA user_version = {};
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE scenes(id INTEGER PRIMARY KEY, name TEXT, path TEXT, points_hash TEXT, num_points INTEGER,
                    num_frames INTEGER, done_by TEXT, done_s INTEGER, checked_by TEXT, checked_s INTEGER);
CREATE TABLE positions(scene INTEGER PRIMARY KEY, num_points INTEGER, data BLOB);
CREATE TABLE layers(id INTEGER PRIMARY KEY, scene INTEGER, kind INTEGER, frame INTEGER, width INTEGER, height INTEGER,
                    size INTEGER, name TEXT);
CREATE TABLE snapshots(layer INTEGER PRIMARY KEY, seq INTEGER, data BLOB);
CREATE TABLE sources(id INTEGER PRIMARY KEY, origin TEXT, tool TEXT, frame INTEGER, model TEXT, author TEXT);
CREATE TABLE tags(scene INTEGER, frame INTEGER, classes TEXT, PRIMARY KEY(scene, frame)) WITHOUT ROWID;
CREATE TABLE edits(id INTEGER PRIMARY KEY AUTOINCREMENT, scene INTEGER, tool TEXT, text TEXT, author TEXT,
                   time_s INTEGER, seconds REAL, num_elements INTEGER, state INTEGER);
CREATE TABLE deltas(edit INTEGER, layer INTEGER, data BLOB, PRIMARY KEY(edit, layer));
CREATE TABLE tag_changes(edit INTEGER, frame INTEGER, before TEXT, after TEXT, PRIMARY KEY(edit, frame));
CREATE TABLE log(seq INTEGER PRIMARY KEY AUTOINCREMENT, edit INTEGER, is_undo INTEGER);
CREATE INDEX edits_by_state ON edits(state, id);
CREATE INDEX edits_by_scene ON edits(scene, id);
CREATE INDEX deltas_by_layer ON deltas(layer, edit);
CREATE INDEX log_by_edit ON log(edit);
)",
                                                 kProjectApplication,
                                                 kProjectVersion);
  return kSchema;
}

Project::Project(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;
Project::~Project() = default;

Result<Project> Project::create(const fs::path& path, const ClassSet& classes) {
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  if (fs::exists(absolute, code))
    return failFile(
        ErrorCode::InvalidInput, absolute, "there is a file of that name", "Open it, or choose another name");
  if (!absolute.parent_path().empty()) fs::create_directories(absolute.parent_path(), code);
  TAGSCAPE_ASSIGN(ProjectLock lock, ProjectLock::take(absolute));
  const auto begin = [&]() -> Result<Project> {
    TAGSCAPE_ASSIGN(Database database, Database::open(absolute, Database::Mode::Create));
    TAGSCAPE_TRY(database.run("PRAGMA journal_mode = WAL"));
    TAGSCAPE_TRY(database.run("PRAGMA synchronous = NORMAL"));
    TAGSCAPE_TRY(database.transaction([&] { return database.runAll(projectSchema()); }));
    TAGSCAPE_TRY(database.run("INSERT INTO meta VALUES('classes', ?)", {std::string_view(classSetAsToml(classes))}));
    Project project(
        std::make_unique<Impl>(Impl{std::move(database), absolute, std::move(lock), {}, loginName(), {}, {}}));
    TAGSCAPE_TRY(project.impl_->readAll());
    return project;
  };
  auto made = begin();
  if (!made) {
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(absolute.string() + ending, code);
  }
  return made;
}

Result<Project> Project::open(const fs::path& path) {
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  if (!fs::exists(absolute, code)) return failFile(ErrorCode::NotFound, absolute, "no such file", "Check the path");
  const auto read_only = [&](const std::string& problem) -> Result<Project> {
    TAGSCAPE_ASSIGN(Project project, openReadOnly(absolute));
    project.impl_->problem = problem;
    return project;
  };
  auto lock = ProjectLock::take(absolute);
  if (!lock) return read_only(lock.error().message);
  if (::access(absolute.c_str(), W_OK) != 0)
    return read_only(absolute.string() + ": you may not write to it. Save a copy elsewhere to change it.");
  auto database = Database::open(absolute, Database::Mode::ReadWrite);
  if (!database) return read_only(database.error().message);
  if (const Status known = checkVersion(*database, absolute); !known) return fail(known.error());
  if (const std::string damage = damageOf(*database); !damage.empty()) {
    return read_only(fmt::format("{}: the file is damaged ({}). Repair a copy: tagscape project repair FILE --out COPY",
                                 absolute.string(),
                                 damage));
  }
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"}) {
    if (const Status set = database->run(pragma); !set) return read_only(set.error().message);
  }
  Project project(
      std::make_unique<Impl>(Impl{std::move(*database), absolute, std::move(*lock), {}, loginName(), {}, {}}));
  TAGSCAPE_TRY(project.impl_->readAll());
  return project;
}

Result<Project> Project::openReadOnly(const fs::path& path) {
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  if (!fs::exists(absolute, code)) return failFile(ErrorCode::NotFound, absolute, "no such file", "Check the path");
  TAGSCAPE_ASSIGN(Database database, Database::open(absolute, Database::Mode::ReadOnly));
  TAGSCAPE_TRY(checkVersion(database, absolute));
  Project project(std::make_unique<Impl>(
      Impl{std::move(database), absolute, std::nullopt, "it was opened read-only", loginName(), {}, {}}));
  TAGSCAPE_TRY(project.impl_->readAll());
  return project;
}

Status Project::Impl::readAll() {
  std::string toml;
  TAGSCAPE_TRY(database.each("SELECT value FROM meta WHERE key = 'classes'", {}, [&](const SqlRow& row) {
    toml = row.text(0);
    return Status();
  }));
  TAGSCAPE_ASSIGN(classes, parseClassSet(toml, path));
  return readSources();
}

Status Project::Impl::readSources() {
  sources.assign(1, ProjectSource{});
  return database.each(
      "SELECT id, origin, tool, frame, model, author FROM sources ORDER BY id", {}, [&](const SqlRow& row) -> Status {
        constexpr std::int64_t kMaxRow = 65535;
        const std::int64_t id = row.integer(0);
        if (id < 1 || id > kMaxRow) return {};
        sources.resize(std::max(sources.size(), static_cast<std::size_t>(id) + 1));
        sources[static_cast<std::size_t>(id)] = {
            originNamed(row.text(1)), row.text(2), static_cast<int>(row.integer(3)), row.text(4), row.text(5)};
        return {};
      });
}

const fs::path& Project::path() const { return impl_->path; }
bool Project::isReadOnly() const { return !impl_->lock; }
const std::string& Project::problem() const { return impl_->problem; }
const ClassSet& Project::classes() const { return impl_->classes; }
void Project::setAuthor(std::string author) { impl_->author = std::move(author); }
const std::string& Project::author() const { return impl_->author; }
const std::vector<ProjectSource>& Project::sources() const { return impl_->sources; }

Status Project::checkWritable() const {
  if (impl_->lock) return {};
  return failFile(ErrorCode::NotWritable, impl_->path, impl_->problem, "Save a copy elsewhere to change it");
}

Status Project::saveCopy(const fs::path& path) {
  std::error_code code;
  const fs::path target = fs::absolute(path, code);
  if (fs::equivalent(target, impl_->path, code))
    return failFile(ErrorCode::InvalidInput, target, "this is the project itself", "Choose another name");
  if (!target.parent_path().empty()) fs::create_directories(target.parent_path(), code);
  const fs::path part = target.string() + ".part";
  fs::remove(part, code);
  Status written = impl_->database.run("VACUUM INTO ?", {std::string_view(part.native())});
  if (written) {
    // Paths of scenes are relative to the file.
    auto copy = Database::open(part, Database::Mode::ReadWrite);
    written = copy ? Status() : Status(fail(copy.error()));
    for (const ProjectScene& scene : scenes()) {
      const std::string relative = scene.path.lexically_proximate(target.parent_path()).generic_string();
      if (written)
        written = copy->run("UPDATE scenes SET path = ? WHERE id = ?", {std::string_view(relative), scene.id});
    }
  }
  if (written) fs::rename(part, target, code);
  if (written && code) written = failFile(ErrorCode::NotWritable, target, code.message(), "Choose another place");
  if (!written) fs::remove(part, code);
  return written;
}

Status Project::setClasses(const ClassSet& classes) {
  TAGSCAPE_TRY(checkWritable());
  if (classes.size() < impl_->classes.size()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("The project has {} classes and the new set {}. Labels keep their numbers, so classes can "
                            "be renamed and added, not removed",
                            impl_->classes.size(),
                            classes.size()));
  }
  const std::string toml = classSetAsToml(classes);
  TAGSCAPE_ASSIGN(const ClassSet checked, parseClassSet(toml, impl_->path));
  TAGSCAPE_TRY(impl_->database.run("UPDATE meta SET value = ? WHERE key = 'classes'", {std::string_view(toml)}));
  impl_->classes = checked;
  return {};
}

Result<std::uint16_t> Project::sourceRow(const ProjectSource& source) {
  const auto found = std::find(impl_->sources.begin(), impl_->sources.end(), source);
  if (found != impl_->sources.end()) return static_cast<std::uint16_t>(found - impl_->sources.begin());
  TAGSCAPE_TRY(checkWritable());
  constexpr std::size_t kMaxSources = 65536;
  if (impl_->sources.size() >= kMaxSources)
    return failFile(ErrorCode::Unsupported, impl_->path, "more than 65,535 sources of labels", "Begin a new project");
  const auto row = static_cast<std::int64_t>(impl_->sources.size());
  TAGSCAPE_TRY(impl_->database.run("INSERT INTO sources VALUES(?, ?, ?, ?, ?, ?)",
                                   {row,
                                    nameOf(source.origin),
                                    std::string_view(source.tool),
                                    std::int64_t{source.frame},
                                    std::string_view(source.model),
                                    std::string_view(source.author)}));
  impl_->sources.push_back(source);
  return static_cast<std::uint16_t>(row);
}

}  // namespace tagscape
