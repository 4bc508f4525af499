// tagscape-learn: the commands of tagscape that need LibTorch (see learning_program.h). Composition only.

#include "app/cli/program.h"

namespace {

using namespace tagscape;

constexpr cli::CommandRow kCommands[] = {
    {"train", "Train the image and the point classifier from class tags", true, &cli::addTrain},
    {"predict", "Compute class activation maps and labels with a trained run", true, &cli::addPredict},
    {"serve", "Serve predictions on request, for programs such as the studio", false, &cli::addServe},
    {"evaluate", "Evaluate predictions against annotated labels by ScanNet's rules", true, &cli::addEvaluate},
    {"weights",
     "List the tensors of a weight file and the network it fits; fetch published weights",
     true,
     &cli::addWeights},
    {"features", "Compute a layer's features of an image or a point cloud, as a numpy array", true, &cli::addFeatures},
    {"doctor", "Report versions, speed and devices of this machine, and any problems", true, &cli::addDoctor},
};

}  // namespace

int main(int argc, char** argv) { return cli::runProgram(argc, argv, kCommands); }
