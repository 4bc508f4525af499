#pragma once

#include "core/annotate/project.h"
#include "core/exchange/exchange_layer.h"
#include "core/exchange/importer.h"

#include <memory>
#include <string>

namespace tagscape {

/// The classes of a project as files name them. Ids are NYU40's where every class has one of its own, else those of the
/// set itself, else the numbers of the classes from 1. Wall, floor and ceiling have no instances.
[[nodiscard]] ExchangeClasses exchangeClassesOf(const ClassSet& set);

/// A layer of a project: its points, and the frames that have a layer of the same name. Frames are read from the
/// project when they are needed.
/// @param project  is used by this layer alone while it lives.
/// @param name     empty: the first layer of the scene's points.
/// Errors: NotFound if the project has no such scene or layer, naming those that there are; InvalidInput if the scan
/// has another number of points than the layer; as Project::loadLayer.
[[nodiscard]] Result<ExchangeLayer> layerOfProject(const std::shared_ptr<Project>& project,
                                                   const SharedScene& scene,
                                                   const std::string& name);

/// Puts labels into a layer of a project as one edit of a machine, which can be undone: the layer, and the scene, are
/// added where the project lacks them. Points and pixels without a label there keep what they have.
/// @param layer  in the classes of exchangeClassesOf(project.classes()).
/// Errors: InvalidInput if an existing layer has another size; as Project::commit; those of reading frames; Cancelled.
[[nodiscard]] Status addToProject(Project& project,
                                  const SharedScene& scene,
                                  const std::string& layer_name,
                                  const ExchangeLayer& layer,
                                  const Job& job);

}  // namespace tagscape
