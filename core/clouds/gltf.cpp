#include "core/clouds/gltf.h"

#include "core/clouds/gltf_accessors.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tagscape {
namespace {

using namespace gltf_detail;

/// Points and triangles together: instances multiply what the buffers hold, which a small file must not do for ever.
constexpr std::size_t kMaxInstances = 64;
constexpr std::size_t kAlwaysAllowed = std::size_t{1} << 22;

/// Numbers of a list, as many as `values` has; false if it has not as many.
template <class Vector>
bool numbersIn(const json& object, const char* key, Vector& values) {
  const json& list = listIn(object, key);
  if (list.size() != static_cast<std::size_t>(values.size())) return false;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const json& entry = list[static_cast<std::size_t>(i)];
    if (!entry.is_number()) return false;
    values(i) = entry.get<double>();
  }
  return true;
}

Eigen::Affine3d transformOf(const json& node) {
  Eigen::Matrix4d matrix;  // column-major, as the file's
  if (Eigen::Map<Eigen::VectorXd> values(matrix.data(), 16); numbersIn(node, "matrix", values))
    return Eigen::Affine3d(matrix);
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();
  Eigen::Vector4d rotation(0, 0, 0, 1);
  Eigen::Vector3d scale = Eigen::Vector3d::Ones();
  if (!numbersIn(node, "translation", translation)) translation.setZero();
  if (!numbersIn(node, "rotation", rotation) || !(rotation.norm() > 0)) rotation = {0, 0, 0, 1};
  if (!numbersIn(node, "scale", scale)) scale.setOnes();
  const Eigen::Quaterniond turn = Eigen::Quaterniond(rotation).normalized();
  return Eigen::Translation3d(translation) * turn * Eigen::Scaling(scale);
}

class GltfParser {
 public:
  GltfParser(const Accessors& accessors, const std::filesystem::path& name)
      : accessors_(accessors), document_(accessors.document()), name_(name) {}

  Result<CloudContent> parse() {
    for (const auto node : roots()) TAGSCAPE_TRY(addNode(node, Eigen::Affine3d::Identity(), 0));
    if (cloud_.positions.empty()) {
      return failFile(ErrorCode::InvalidInput,
                      name_,
                      "no node of its scene shows a mesh or points",
                      "Check that it is the right file, or export it again");
    }
    if (!has_color_) cloud_.colors.clear();
    if (!has_all_normals_) cloud_.normals.clear();
    addNotes();
    return std::move(cloud_).finish(name_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }

  /// Nodes of the default scene, or else those that are no node's child.
  std::vector<std::uint64_t> roots() const {
    std::vector<std::uint64_t> found;
    const json& scenes = listIn(document_, "scenes");
    if (!scenes.empty()) {
      const std::uint64_t scene = std::min<std::uint64_t>(wholeIn(document_, "scene", 0), scenes.size() - 1);
      for (const auto& node : listIn(scenes[scene], "nodes")) found.push_back(indexIn(node));
      return found;
    }
    std::set<std::uint64_t> children;
    const json& nodes = listIn(document_, "nodes");
    for (const auto& node : nodes) {
      for (const auto& child : listIn(node, "children")) children.insert(indexIn(child));
    }
    for (std::uint64_t i = 0; i < nodes.size(); ++i) {
      if (!children.contains(i)) found.push_back(i);
    }
    return found;
  }

  static std::uint64_t indexIn(const json& value) { return wholeIn(json{{"i", value}}, "i", ~std::uint64_t{0}); }

  Status addNode(std::uint64_t index, const Eigen::Affine3d& world_from_parent, int depth) {
    constexpr int kDeepest = 200;
    constexpr std::size_t kMaxVisits = 1000000;
    const json& nodes = listIn(document_, "nodes");
    if (index >= nodes.size()) return refuse(fmt::format("node {} does not exist", index));
    if (depth > kDeepest || ++num_visits_ > kMaxVisits)
      return refuse(fmt::format("node {} is its own descendant", index));
    const json& node = nodes[index];
    const Eigen::Affine3d world_from_node = world_from_parent * transformOf(node);
    if (node.is_object() && node.contains("skin")) unused_.insert("skins");
    if (node.is_object() && node.contains("mesh")) {
      const std::uint64_t mesh = wholeIn(node, "mesh", ~std::uint64_t{0});
      const json& meshes = listIn(document_, "meshes");
      if (mesh >= meshes.size()) return refuse(fmt::format("node {} names a mesh that does not exist", index));
      TAGSCAPE_ASSIGN(const auto places, instancesOf(node));
      for (const auto& node_from_instance : places) {
        for (const auto& primitive : listIn(meshes[mesh], "primitives"))
          TAGSCAPE_TRY(addPrimitive(primitive, world_from_node * node_from_instance));
      }
    }
    for (const auto& child : listIn(node, "children"))
      TAGSCAPE_TRY(addNode(indexIn(child), world_from_node, depth + 1));
    return {};
  }

  /// Once, or as often as EXT_mesh_gpu_instancing says.
  Result<std::vector<Eigen::Affine3d>> instancesOf(const json& node) {
    const json* attributes = nullptr;
    if (node.contains("extensions") && node["extensions"].is_object() &&
        node["extensions"].contains("EXT_mesh_gpu_instancing")) {
      const json& extension = node["extensions"]["EXT_mesh_gpu_instancing"];
      if (extension.is_object() && extension.contains("attributes")) attributes = &extension["attributes"];
    }
    if (attributes == nullptr) return std::vector<Eigen::Affine3d>{Eigen::Affine3d::Identity()};
    TAGSCAPE_ASSIGN(const Array translation, attribute(*attributes, "TRANSLATION", 3));
    TAGSCAPE_ASSIGN(const Array rotation, attribute(*attributes, "ROTATION", 4));
    TAGSCAPE_ASSIGN(const Array scale, attribute(*attributes, "SCALE", 3));
    const std::size_t count = std::max({translation.size(), rotation.size(), scale.size()});
    const auto row = [](const Array& array, std::size_t i, Eigen::Index width, double otherwise) {
      Eigen::VectorXd values = Eigen::VectorXd::Constant(width, otherwise);
      for (Eigen::Index k = 0; k < width && i < array.size(); ++k)
        values[k] = array.values[i * array.width + static_cast<std::size_t>(k)];
      return values;
    };
    std::vector<Eigen::Affine3d> places;
    for (std::size_t i = 0; i < count; ++i) {
      Eigen::Quaterniond turn = Eigen::Quaterniond::Identity();
      if (i < rotation.size()) turn = Eigen::Quaterniond(Eigen::Vector4d(row(rotation, i, 4, 0))).normalized();
      places.push_back(Eigen::Translation3d(Eigen::Vector3d(row(translation, i, 3, 0))) * turn *
                       Eigen::Scaling(Eigen::Vector3d(row(scale, i, 3, 1))));
    }
    return places;
  }

  /// An attribute in rows of at least `width`; empty where there is none.
  Result<Array> attribute(const json& attributes, const char* name, std::size_t width) const {
    if (!attributes.is_object() || !attributes.contains(name)) return Array{};
    TAGSCAPE_ASSIGN(Array array, accessors_.array(wholeIn(attributes, name, ~std::uint64_t{0})));
    if (array.width < width) return refuse(fmt::format("its attribute {} has {} numbers a row", name, array.width));
    return array;
  }

  Status addPrimitive(const json& primitive, const Eigen::Affine3d& world_from_mesh) {
    if (!primitive.is_object() || !primitive.contains("attributes")) return refuse("a primitive has no attributes");
    const json& attributes = primitive["attributes"];
    if (primitive.contains("targets")) unused_.insert("morph targets");
    const std::uint64_t mode = wholeIn(primitive, "mode", 4);
    constexpr std::uint64_t kPoints = 0, kLine = 1, kLineStrip = 3;
    if (mode >= kLine && mode <= kLineStrip) {
      unused_.insert("lines");
      return {};
    }
    TAGSCAPE_ASSIGN(const Array positions, attribute(attributes, "POSITION", 3));
    TAGSCAPE_ASSIGN(const Array normals, attribute(attributes, "NORMAL", 3));
    TAGSCAPE_ASSIGN(const Array colors, attribute(attributes, "COLOR_0", 3));
    const std::size_t first = cloud_.positions.size();
    num_shown_ += positions.size();
    if (num_shown_ > kAlwaysAllowed + kMaxInstances * accessors_.numBytes())
      return refuse("its nodes show it too often");
    addVertices(positions, world_from_mesh);
    addNormals(normals, positions.size(), world_from_mesh);
    addColors(colors, positions.size(), primitive);
    if (mode == kPoints) return {};
    Array indices{{}, 1};
    if (primitive.contains("indices")) {
      TAGSCAPE_ASSIGN(indices, accessors_.array(wholeIn(primitive, "indices", ~std::uint64_t{0})));
    } else {
      for (std::size_t i = 0; i < positions.size(); ++i) indices.values.push_back(static_cast<double>(i));
    }
    return addTriangles(indices, mode, first, positions.size(), world_from_mesh.linear().determinant() < 0);
  }

  void addVertices(const Array& positions, const Eigen::Affine3d& world_from_mesh) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const double* row = &positions.values[i * positions.width];
      cloud_.positions.push_back(world_from_mesh * Eigen::Vector3d(row[0], row[1], row[2]));
    }
  }

  void addNormals(const Array& normals, std::size_t count, const Eigen::Affine3d& world_from_mesh) {
    has_all_normals_ = has_all_normals_ && normals.size() == count;
    const Eigen::Matrix3d turn = world_from_mesh.linear().inverse().transpose();
    for (std::size_t i = 0; i < count; ++i) {
      Eigen::Vector3d normal = Eigen::Vector3d::Zero();
      if (i < normals.size()) {
        const double* row = &normals.values[i * normals.width];
        normal = (turn * Eigen::Vector3d(row[0], row[1], row[2])).normalized();
      }
      cloud_.normals.push_back(normal.cast<float>());
    }
  }

  /// Colours of vertices times the material's base colour, which are white where they are not given.
  void addColors(const Array& colors, std::size_t count, const json& primitive) {
    Eigen::Vector4d base = Eigen::Vector4d::Ones();
    const json& materials = listIn(document_, "materials");
    const std::uint64_t index = wholeIn(primitive, "material", ~std::uint64_t{0});
    if (index < materials.size() && materials[index].is_object() && materials[index].contains("pbrMetallicRoughness")) {
      const json& surface = materials[index]["pbrMetallicRoughness"];
      if (numbersIn(surface, "baseColorFactor", base))
        has_color_ = true;
      else
        base.setOnes();
      if (surface.is_object() && surface.contains("baseColorTexture")) unused_.insert("textures");
    }
    has_color_ = has_color_ || colors.size() > 0;
    for (std::size_t i = 0; i < count; ++i) {
      Eigen::Vector3d color = Eigen::Vector3d::Ones();
      if (i < colors.size()) {
        const double* row = &colors.values[i * colors.width];
        color = {row[0], row[1], row[2]};
      }
      cloud_.colors.push_back(color.cwiseProduct(base.head<3>()).cast<float>());
    }
  }

  Status addTriangles(
      const Array& indices, std::uint64_t mode, std::size_t first, std::size_t count, bool is_mirrored) {
    constexpr std::uint64_t kStrip = 5, kFan = 6;
    std::vector<std::uint32_t> corners;
    num_shown_ += indices.size();
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const double index = indices.values[i * indices.width];
      if (!(index >= 0 && index < static_cast<double>(count)))
        return refuse("a triangle names a vertex that does not exist");
      corners.push_back(static_cast<std::uint32_t>(first + static_cast<std::size_t>(index)));
    }
    const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
      cloud_.triangles.push_back(is_mirrored ? Triangle{a, c, b} : Triangle{a, b, c});
    };
    if (mode != kStrip && mode != kFan) {
      for (std::size_t i = 2; i < corners.size(); i += 3) add(corners[i - 2], corners[i - 1], corners[i]);
      return {};
    }
    for (std::size_t i = 2; i < corners.size(); ++i) {
      if (mode == kFan)
        add(corners[0], corners[i - 1], corners[i]);
      else if (i % 2 == 0)
        add(corners[i - 2], corners[i - 1], corners[i]);
      else
        add(corners[i - 1], corners[i - 2], corners[i]);
    }
    return {};
  }

  void addNotes() {
    if (!unused_.empty()) cloud_.notes.push_back(fmt::format("not shown: {}", fmt::join(unused_, ", ")));
    cloud_.notes.emplace_back("y is up by glTF's rule; coordinates are kept as they are in the file");
  }

  const Accessors& accessors_;
  const json& document_;
  const std::filesystem::path& name_;
  CloudBuilder cloud_;
  std::set<std::string> unused_;
  std::size_t num_visits_ = 0;
  std::size_t num_shown_ = 0;
  bool has_color_ = false;
  bool has_all_normals_ = true;
};

}  // namespace

Result<CloudContent> parseGltf(std::span<const std::byte> bytes,
                               const std::filesystem::path& name,
                               const BufferReader& read) {
  TAGSCAPE_ASSIGN(const Accessors accessors, Accessors::open(bytes, name, read));
  return GltfParser(accessors, name).parse();
}

}  // namespace tagscape
