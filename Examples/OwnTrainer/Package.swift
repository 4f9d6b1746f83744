// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "own-trainer",
    platforms: [.macOS(.v15)],
    dependencies: [
        // A package of its own names the repository: .package(url: "https://...", from: "0.1.0")
        .package(name: "ablate", path: "../..")
    ],
    targets: [
        .target(
            name: "SoftmaxTrainer",
            dependencies: [
                "Studies", "Sweeps", "ResultsStore", "Orchestration", "Analysis", "Digests",
                "Files", "Randomness",
            ].map { .product(name: $0, package: "ablate") }),
        .executableTarget(
            name: "own-trainer",
            dependencies: [
                "SoftmaxTrainer", .product(name: "AblateCommands", package: "ablate"),
            ]),
        .testTarget(
            name: "SoftmaxTrainerTests",
            dependencies: [
                "SoftmaxTrainer",
                .product(name: "StudyConformance", package: "ablate"),
                .product(name: "Studies", package: "ablate"),
                .product(name: "Orchestration", package: "ablate"),
            ]),
    ]
)
