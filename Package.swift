// swift-tools-version: 6.1
import PackageDescription

// The processor that release builds are made for: "native", "x86-64-v3", "armv8-a", ... (see README).
let processor = Context.environment["ABLATE_TARGET"] ?? "native"
#if arch(arm64)
    let processorFlag = processor == "native" ? "-mcpu=native" : "-march=\(processor)"
#else
    let processorFlag = "-march=\(processor)"
#endif

// What the sources are, for `BuildName.commit`: `make` says it, and a plain build does not.
let commit = Context.environment["ABLATE_COMMIT"] ?? ""

let language: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Targets with inner loops: vectorised for the processor named above, no bounds checks in release.
/// Without these flags SIMD16 code runs over a hundred times slower.
let numeric: [SwiftSetting] =
    language + [
        .unsafeFlags(
            ["-Ounchecked", "-Xcc", processorFlag, "-Xcc", "-fno-math-errno"],
            .when(configuration: .release))
    ]

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
        resources: [.copy("Fixtures")], swiftSettings: language)
}

/// What tests of several targets use.
let support: Target.Dependency = .target(name: "TestSupport")

/// What has no audio in it, for studies in packages of their own (see Examples/OwnTrainer): no unsafe
/// flags in these or in what they depend on, or SwiftPM refuses them there.
let orchestrator = [
    "Platform", "Files", "Digests", "Randomness", "Sweeps", "ResultsStore", "Orchestration",
    "Analysis", "Reports", "Studies", "StudyConformance", "CommandStudy", "Cluster",
    "Bridges", "Dashboard",
    "AblateCommands",
]

let package = Package(
    name: "ablate",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ablate", targets: ["ablate"])
    ] + orchestrator.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        // MARK: System libraries
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(
            name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(
            name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),

        // MARK: Foundations
        .target(name: "CProcessor"),
        .target(name: "Platform", dependencies: ["CProcessor"], swiftSettings: language),
        .target(name: "Files", swiftSettings: language),
        .target(name: "Digests", dependencies: ["CXXHash"], swiftSettings: language),
        .target(name: "Randomness", swiftSettings: language),

        // MARK: Sound
        .target(name: "RoomFiles", dependencies: ["CHDF5", "Platform"], swiftSettings: language),
        .target(name: "Acoustics", dependencies: ["Randomness", "CFFTW"], swiftSettings: numeric),
        .target(name: "AudioFeatures", dependencies: ["CFFTW"], swiftSettings: numeric),
        .target(
            name: "SoundData",
            dependencies: [
                "Platform", "Files", "Digests", "Randomness", "Acoustics", "AudioFeatures",
                "RoomFiles", "CSndfile", "CSoxr",
            ],
            swiftSettings: numeric),

        // MARK: Learning
        .target(
            name: "NeuralNetwork", dependencies: ["Platform", "Randomness", "COpenBLAS"],
            swiftSettings: numeric),
        .target(
            name: "MCSimCLR",
            dependencies: [
                "Platform", "Digests", "Randomness", "Acoustics", "AudioFeatures", "SoundData",
                "NeuralNetwork", "COpenBLAS",
            ], swiftSettings: numeric),

        // MARK: Sweeps and their results
        .target(
            name: "Sweeps", dependencies: ["Platform", "Digests", "Randomness", "Yams"],
            swiftSettings: language),
        .target(
            name: "ResultsStore",
            dependencies: [
                "Platform", "Digests", "Sweeps", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: language),
        .target(
            name: "Orchestration", dependencies: ["Platform", "Digests", "ResultsStore"],
            swiftSettings: language),
        .target(name: "Analysis", swiftSettings: language),
        .target(name: "Reports", dependencies: ["Platform", "Analysis"], swiftSettings: language),

        .target(
            name: "Studies",
            dependencies: [
                "Platform", "Files", "Digests", "Randomness", "Sweeps", "ResultsStore",
                "Orchestration", "Analysis", "Reports",
            ], swiftSettings: language),

        .target(
            name: "StudyConformance",
            dependencies: ["Platform", "Digests", "Orchestration", "ResultsStore", "Studies"],
            swiftSettings: language),

        // MARK: What is studied
        .target(
            name: "MCSimCLRStudy",
            dependencies: [
                "Platform", "Files", "Digests", "Randomness", "Acoustics", "AudioFeatures",
                "RoomFiles", "SoundData",
                "NeuralNetwork", "MCSimCLR", "Sweeps", "ResultsStore", "Orchestration", "Analysis",
                "Reports", "Studies",
            ], swiftSettings: language),

        .target(name: "CStageProcess"),
        .target(
            name: "CommandStudy",
            dependencies: [
                "CStageProcess", "Platform", "Files", "Digests", "Sweeps", "ResultsStore",
                "Orchestration",
                "Analysis", "Reports", "Studies",
            ], swiftSettings: language),

        .target(
            name: "Cluster",
            dependencies: [
                "Platform", "Files", "Digests", "Sweeps", "ResultsStore", "Orchestration",
                "Studies",
            ], swiftSettings: language),

        .target(
            name: "Bridges",
            dependencies: [
                "CArchive", "Platform", "Files", "Digests", "Sweeps", "ResultsStore", "Analysis",
                "Reports", "Studies",
            ], resources: [.embedInCode("MLflow/post.py")], swiftSettings: language),

        // MARK: The program
        .target(
            name: "Dashboard",
            dependencies: [
                "Platform", "Digests", "Sweeps", "ResultsStore", "Orchestration", "Reports",
                "Studies", "Cluster",
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [
                .embedInCode("Page/index.html"), .embedInCode("Page/page.css"),
                .embedInCode("Page/page.js"), .embedInCode("Page/drawings.js"),
            ],
            swiftSettings: language),
        .target(
            name: "CBuildCommit",
            cSettings: [
                .define(
                    "ABLATE_COMMIT",
                    to: "\"\(commit.filter { $0.isLetter || $0.isNumber || $0 == "-" })\"")
            ]),
        .target(
            name: "AblateCommands",
            dependencies: [
                "CBuildCommit", "Platform", "Digests", "Sweeps", "ResultsStore", "Orchestration",
                "Analysis",
                "Reports", "Studies", "Cluster", "Bridges", "Dashboard",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: language),
        .target(
            name: "MCSimCLRCommands",
            dependencies: [
                "Platform", "Digests", "Randomness", "Acoustics", "AudioFeatures", "RoomFiles",
                "SoundData",
                "NeuralNetwork", "MCSimCLR", "Sweeps", "ResultsStore", "Orchestration", "Reports",
                "Studies", "MCSimCLRStudy", "AblateCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: language),
        .executableTarget(
            name: "ablate",
            dependencies: [
                "AblateCommands", "MCSimCLRStudy", "MCSimCLRCommands", "CommandStudy",
                "NeuralNetwork",
            ],
            swiftSettings: language),

        // MARK: Checks of the program that are no part of it
        .target(
            name: "AblateChecks",
            dependencies: [
                "Platform", "Digests", "Randomness", "Acoustics", "AudioFeatures", "RoomFiles",
                "SoundData", "NeuralNetwork", "MCSimCLR", "Sweeps", "Orchestration",
                "ResultsStore", "Analysis", "Reports", "Studies", "MCSimCLRStudy", "AblateCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: language),
        .executableTarget(
            name: "ablate-checks", dependencies: ["AblateChecks", "NeuralNetwork"],
            swiftSettings: language),

        // MARK: Tests
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: language),
        .target(
            name: "ToyStudies",
            dependencies: [
                "Analysis", "Digests", "Orchestration", "Reports", "ResultsStore", "Studies",
                "Sweeps",
            ], path: "Tests/ToyStudies", swiftSettings: language),
        tests("Files"),
        tests("Digests"),
        tests("Randomness"),
        tests("Platform"),
        tests("Acoustics", ["Randomness"]),
        tests("AudioFeatures"),
        tests("RoomFiles", [support]),
        tests("SoundData", ["Randomness", "Acoustics", "RoomFiles", "Digests", support]),
        tests("NeuralNetwork", ["Platform", "Randomness"]),
        tests(
            "MCSimCLR",
            [
                "Platform", "Randomness", "Acoustics", "AudioFeatures", "SoundData",
                "NeuralNetwork", "Digests", support,
            ]),
        tests("Sweeps", ["Digests", support]),
        tests(
            "ResultsStore",
            ["Digests", support, .product(name: "GRDB", package: "GRDB.swift")]),
        tests("Orchestration", ["Platform", "Digests", "ResultsStore", support]),
        tests("Analysis"),
        tests("Reports", ["Analysis", support]),
        tests(
            "Studies",
            [
                "StudyConformance", "Analysis", "Digests", "Sweeps", "Orchestration",
                "ResultsStore", "Reports", "ToyStudies", support,
            ]),
        tests(
            "StudyConformance",
            ["Digests", "Sweeps", "Orchestration", "ResultsStore", "Reports", "Studies", support]),
        tests(
            "MCSimCLRStudy",
            [
                "StudyConformance",
                "Files", "Digests", "Sweeps", "Orchestration", "ResultsStore", "Reports",
                "Analysis", "Studies", "MCSimCLR", "NeuralNetwork", "SoundData", "Acoustics",
                "AudioFeatures", "Randomness", "RoomFiles", support,
            ]),
        tests(
            "CommandStudy",
            [
                "StudyConformance", "Platform", "Digests", "Sweeps", "Orchestration",
                "ResultsStore", "Reports",
                "Studies", support,
            ]),
        tests(
            "Cluster",
            [
                "Platform", "Digests", "Sweeps", "ResultsStore", "Orchestration", "Studies",
                "CommandStudy", support,
            ]),
        tests(
            "Bridges",
            [
                "Platform", "Digests", "Sweeps", "Orchestration", "ResultsStore", "Reports",
                "Studies", "CommandStudy", "ToyStudies", support,
            ]),
        tests("AblateChecks", ["Acoustics", "MCSimCLRStudy", "Studies"]),
        tests(
            "Dashboard",
            [
                "Platform", "Digests", "Sweeps", "Orchestration", "ResultsStore", "Reports",
                "Studies", "ToyStudies", support,
            ]),
        tests(
            "AblateCommands",
            [
                "Digests", "Sweeps", "ResultsStore", "Orchestration", "Analysis", "Reports",
                "Studies", "MCSimCLRStudy", "MCSimCLRCommands", "CommandStudy", support,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        tests("ablate", [support]),
    ]
)
