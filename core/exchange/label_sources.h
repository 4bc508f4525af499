#pragma once

#include "core/exchange/exchange_layer.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <memory>

namespace tagscape {

/// A prediction: points as labelsOfPrediction(cams), frames as predictedFrames.
/// Errors: InvalidInput if it is of another number of points than the scene has.
[[nodiscard]] Result<ExchangeLayer> layerOfPrediction(const SharedScene& scene, std::shared_ptr<const SceneCams> cams);

/// What is annotated: Scene::point_labels, and the label images of frames. Parts that the scan does not have are empty.
[[nodiscard]] ExchangeLayer layerOfTruth(const SharedScene& scene);

/// Labels of points as a prediction: a point's confidence is the value of its class, and all others are 0.
[[nodiscard]] SceneCams predictionOfLayer(const Scene& scene, const ExchangeLayer& layer);

/// The image network's labels of the frames that `cams` has: at each pixel the class with the largest logit, or with
/// the largest activation where there are no logits; of classes whose map is empty (no tag) none. Confidence is the
/// class's activation. Cost: 1 ns a pixel and class that is not empty.
[[nodiscard]] std::shared_ptr<const LayerFrames> predictedFrames(const SharedScene& scene,
                                                                 std::shared_ptr<const SceneCams> cams);

/// The labels of points as the frames see them: the nearest visible point gives a pixel its class, confidence and
/// instance (see projectValues); frames without a pose or a depth map have none.
/// @param points  of the scene. Cost: 10 ms a frame for 100,000 points.
[[nodiscard]] std::shared_ptr<const LayerFrames> projectedFrames(const SharedScene& scene,
                                                                 std::shared_ptr<const LayerPoints> points);

}  // namespace tagscape
