#pragma once

#include <QObject>

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// The points that the user has selected, by row of the scene. Views highlight them, tools change them. GUI thread.
class Selection : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// Ascending, without duplicates.
  [[nodiscard]] const std::vector<std::uint32_t>& points() const { return points_; }
  [[nodiscard]] bool isEmpty() const { return points_.empty(); }
  [[nodiscard]] bool contains(std::uint32_t point) const;

  /// Replaces the selection; order and duplicates do not matter.
  void set(std::vector<std::uint32_t> points);
  void add(std::span<const std::uint32_t> points);
  void clear() { set({}); }

 Q_SIGNALS:
  void changed();

 private:
  std::vector<std::uint32_t> points_;
};

}  // namespace tagscape
