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
  std::uint32_t seed = 0;  ///< Cells and Soft: which of their endless variants.
};

/// One object: a chair, the floor.
struct Object {
  std::uint8_t class_index = 0;  ///< Row of classCatalog().
  std::string category;          ///< As people name it: "office chair". One of labelTable().
};

/// One triangle: its object and its appearance.
struct Face {
  Triangle corners{};
  std::uint8_t texture_axis = 2;  ///< The axis of its part that it looks along: 0 x, 1 y, 2 z.
  std::uint32_t object = 0;       ///< Row of Model::objects.
  std::uint32_t material = 0;     ///< Row of Model::materials; every paint() begins a new one.
};

/// Triangles with objects and materials, metres, z up. `texture_m` keeps where each vertex was in its own part before
/// bending and placing, so that patterns follow the part.
struct Model {
  std::vector<Eigen::Vector3f> positions_m;
  std::vector<Eigen::Vector3f> texture_m;
  std::vector<Face> faces;
  std::vector<Object> objects;
  std::vector<Material> materials;

  [[nodiscard]] int classOf(const Face& face) const { return objects[face.object].class_index; }
};

/// The colour of a surface at a texture position, before light. Uses no function of libm, so that pictures are the same
/// with every C library.
[[nodiscard]] Eigen::Vector3f colorAt(const Material& material, const Eigen::Vector3f& texture_m, int texture_axis);

/// Adds all of `piece`, moved by `room_from_piece`.
void append(Model& room, const Model& piece, const Eigen::Isometry3f& room_from_piece);

/// Builds objects from parts that can be tapered, round and bent. Every part belongs to the object and has the material
/// that were chosen last. Uses no function of libm but the exact ones.
class ModelBuilder {
 public:
  /// Begins with one object. @param category  its raw category; empty for the name of the class.
  explicit ModelBuilder(int class_index, std::string category = {}) { beginObject(class_index, std::move(category)); }

  ModelBuilder& beginObject(int class_index, std::string category = {});
  ModelBuilder& paint(const Material& material);

  /// A box; its top is `taper` times as wide and as deep as its bottom.
  ModelBuilder& box(const Eigen::Vector3f& center_m, const Eigen::Vector3f& size_m, float taper = 1);
  /// An upright cylinder or truncated cone, closed at both ends, standing on `foot_m`; along y it is `squash` times as
  /// wide as along x.
  ModelBuilder& cylinder(
      const Eigen::Vector3f& foot_m, float bottom_radius_m, float top_radius_m, float height_m, float squash = 1);
  /// An upright panel, its faces towards -y and +y, bent: at x of its own it is moved by bend(x) along y.
  ModelBuilder& bentPanel(const Eigen::Vector3f& center_m,
                          const Eigen::Vector3f& size_m,
                          int num_strips,
                          const std::function<float(float)>& bend);
  /// A box whose top bulges: in its middle it is `bulge_m` higher than `size_m` says, at its rim as high.
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
