#pragma once

#include "core/scene/point_cloud.h"

#include <Eigen/Geometry>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tagscape::synth {

/// How a surface is painted; see colorAt.
enum class Pattern : std::uint8_t { Plain, StripesAcross, StripesUp, Checker, Cells, Soft };

struct Material {
  Eigen::Vector3f color{.5F, .5F, .5F};         ///< 0 … 1.
  Eigen::Vector3f second_color{.5F, .5F, .5F};  ///< 0 … 1, the other colour of a pattern.
  Pattern pattern = Pattern::Plain;
  float frequency = 1;     ///< Repeats per metre.
  std::uint32_t seed = 0;  ///< Of the patterns Cells and Soft.
};

/// One object: a chair, the floor.
struct Object {
  std::uint8_t class_index = 0;  ///< Row of classCatalog(); kNoClass for clutter.
  std::string category;          ///< Raw category: "office chair". One of labelTable().
};

/// One triangle: its object and its appearance.
struct Face {
  Triangle corners{};
  std::uint8_t texture_axis = 2;  ///< The axis of its part closest to its normal: 0 x, 1 y, 2 z.
  std::uint32_t object = 0;       ///< Row of Model::objects.
  std::uint32_t material = 0;     ///< Row of Model::materials; every paint() begins a new one.
};

/// Triangles with objects and materials, in metres, z up. `texture_m` is each vertex's position in its part before the
/// part was bent and placed, so that patterns follow the part.
struct Model {
  std::vector<Eigen::Vector3f> positions_m;
  std::vector<Eigen::Vector3f> texture_m;
  std::vector<Face> faces;
  std::vector<Object> objects;
  std::vector<Material> materials;

  [[nodiscard]] int classOf(const Face& face) const { return objects[face.object].class_index; }
};

/// The unlit colour of a surface at a texture position. Calls no function of libm, so that images are the same with
/// every C library.
[[nodiscard]] Eigen::Vector3f colorAt(const Material& material, const Eigen::Vector3f& texture_m, int texture_axis);

/// Adds all of `piece`, moved by `room_from_piece`.
void append(Model& room, const Model& piece, const Eigen::Isometry3f& room_from_piece);

/// Builds objects from boxes, cylinders, panels and tubes. Every part gets the current object and material, those set
/// last. Of libm only correctly rounded functions are called.
class ModelBuilder {
 public:
  /// Starts the first object. @param category  its raw category; empty for the name of the class.
  explicit ModelBuilder(int class_index, std::string category = {}) { beginObject(class_index, std::move(category)); }

  ModelBuilder& beginObject(int class_index, std::string category = {});
  ModelBuilder& paint(const Material& material);

  /// A box; its top is `taper` times as wide and as deep as its bottom.
  ModelBuilder& box(const Eigen::Vector3f& center_m, const Eigen::Vector3f& size_m, float taper = 1);
  /// An upright cylinder or truncated cone, closed at both ends, standing on `foot_m`; its extent along y is `squash`
  /// times that along x.
  ModelBuilder& cylinder(
      const Eigen::Vector3f& foot_m, float bottom_radius_m, float top_radius_m, float height_m, float squash = 1);
  /// An upright panel with faces towards -y and +y, displaced along y by bend(x) at its own coordinate x.
  ModelBuilder& bentPanel(const Eigen::Vector3f& center_m,
                          const Eigen::Vector3f& size_m,
                          int num_strips,
                          const std::function<float(float)>& bend);
  /// A box with a bulging top, `bulge_m` higher in the middle than at the rim, whose height is that of `size_m`.
  ModelBuilder& cushion(const Eigen::Vector3f& center_m, const Eigen::Vector3f& size_m, float bulge_m);
  /// A six-sided tube along a line of at least two points.
  ModelBuilder& tube(const std::vector<Eigen::Vector3f>& line_m, float radius_m);
  /// Four equal legs under a top of the given footprint around (0, 0), narrower towards the floor.
  ModelBuilder& legs(float width_m, float depth_m, float height_m, float thickness_m);

  [[nodiscard]] const Model& model() const { return model_; }

 private:
  std::uint32_t addVertex(const Eigen::Vector3f& position_m, const Eigen::Vector3f& texture_m);
  void addQuad(const std::array<std::uint32_t, 4>& corners, int texture_axis);
  void addTriangle(const Triangle& corners, int texture_axis);

  Model model_;
};

}  // namespace tagscape::synth
