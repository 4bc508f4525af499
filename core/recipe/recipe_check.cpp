#include "core/recipe/recipe_check.h"

#include "core/recipe/option_descriptor.h"

namespace tagscape {

const std::vector<RecipeRule>& recipeRules() {
  static const auto* const kRules = new std::vector<RecipeRule>{
      {"a-phase-with-steps",
       [](const Recipe& r) { return r.phases.image_steps + r.phases.points_steps + r.phases.joint_steps == 0; },
       "no phase has any steps. Set image_steps, points_steps or joint_steps."},
      {"batch-normalisation-needs-two",
       [](const Recipe& r) {
         return r.networks.image_network == ImageNetworkKind::SmallResidual && r.phases.image_batch < 2;
       },
       "training option 'image_batch' is 1, and the batch normalisation of image_network=small-residual needs two "
       "images. Choose 2 or more."},
      {"resize-range",
       [](const Recipe& r) { return r.images.resize_max_px < r.images.resize_min_px; },
       "training option 'resize_max_px' is less than 'resize_min_px'. Raise one or lower the other."},
      {"labels-have-no-joint-phase",
       [](const Recipe& r) { return r.phases.supervision == Supervision::Labels && r.phases.joint_steps > 0; },
       "training option 'supervision' is 'labels', which has no joint phase. Set joint_steps to 0."},
      {"multi-view-labels-need-all-frames",
       [](const Recipe& r) { return r.labels.views == LabelViews::Multi && !r.general.data_in_memory; },
       "training option 'views' is 'multi', which needs all frames in memory. Set data_in_memory to true."},
      {"min-tag-area-needs-multi-view-labels",
       [](const Recipe& r) { return r.labels.min_tag_area > 0 && r.labels.views != LabelViews::Multi; },
       "training option 'min_tag_area' applies to labels of superpoints only. Set views to multi, or min_tag_area to "
       "0."},
      {"superpoint-lda-needs-multi-view-labels",
       [](const Recipe& r) { return r.labels.superpoint_lda && r.labels.views != LabelViews::Multi; },
       "training option 'superpoint_lda' applies to labels of superpoints only. Set views to multi, or superpoint_lda "
       "to false."},
      {"superpoint-mlp-needs-multi-view-labels",
       [](const Recipe& r) { return r.labels.superpoint_mlp && r.labels.views != LabelViews::Multi; },
       "training option 'superpoint_mlp' applies to labels of superpoints only. Set views to multi, or superpoint_mlp "
       "to false."},
  };
  return *kRules;
}

Status checkRecipe(const Recipe& recipe) {
  for (const OptionDescriptor& option : recipeOptions()) TAGSCAPE_TRY(option.check(recipe));
  for (const RecipeRule& rule : recipeRules()) {
    if (rule.is_broken(recipe)) return fail(ErrorCode::InvalidInput, std::string(rule.message));
  }
  return {};
}

}  // namespace tagscape
