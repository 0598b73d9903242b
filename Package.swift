// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// The same strict settings for every target: what compiles anywhere in this package compiles under these rules.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// Arrows point one way: the executable knows everything; Web, SQLiteStore, KreaAPI, Pictures, Webhooks, Dispatcher and Status know Jobs;
// Dispatcher knows KreaAPI and Webhooks; KreaAPI, Pictures and Webhooks know HTTPClient; Web and FastCGI know Answers; Answers and PlainText know nothing. Web,
// FastCGI, Status, Pictures and the stores never import one another.
let package = Package(
    name: "krea-fcgi",
    products: [
        .executable(name: "krea-fcgi", targets: ["krea-fcgi"]),
        .executable(name: "krea-simulator", targets: ["krea-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "HTTPClient", dependencies: ["CCurl"], swiftSettings: strict),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "Digests", dependencies: ["CCrypto"], swiftSettings: strict),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .target(name: "Answers", dependencies: [httpTypes], swiftSettings: strict),
        .target(name: "FastCGI", dependencies: ["Answers", "CFastCGI", httpTypes, lifecycle, logging, metrics], swiftSettings: strict),
        .target(name: "Jobs", dependencies: ["PlainText"], swiftSettings: strict),
        .target(name: "SQLiteStore", dependencies: ["CSQLite", "Jobs"], swiftSettings: strict),
        .target(
            name: "KreaAPI",
            dependencies: [
                "HTTPClient", "Jobs", httpTypes,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Pictures",
            dependencies: [
                "Digests", "HTTPClient", "Jobs",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Webhooks",
            dependencies: [
                "Digests", "HTTPClient", "Jobs",
            ],
            swiftSettings: strict
        ),
        .target(name: "Dispatcher", dependencies: ["Jobs", "KreaAPI", "Webhooks", lifecycle, logging, metrics], swiftSettings: strict),
        .target(name: "Web", dependencies: ["Answers", "Jobs", "PlainText", httpTypes, logging], swiftSettings: strict),
        .target(name: "PlainText", swiftSettings: strict),
        .target(name: "Logs", dependencies: ["PlainText", logging], swiftSettings: strict),
        .target(
            name: "Status",
            dependencies: ["Jobs", "PlainText", httpTypes, lifecycle, logging, metrics],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "krea-fcgi",
            dependencies: [
                "CFastCGI", "Digests", "FastCGI", "HTTPClient", "Jobs", "SQLiteStore", "KreaAPI", "Pictures", "PlainText", "Webhooks",
                "Dispatcher", "Web", "Status", "Logs",
                arguments, httpTypes, lifecycle, logging, metrics,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "krea-simulator",
            dependencies: [arguments, .product(name: "FlyingFox", package: "FlyingFox"), httpTypes],
            swiftSettings: strict
        ),

        .target(
            name: "TestSupport",
            dependencies: ["Jobs", "KreaAPI", "SQLiteStore", "krea-simulator", httpTypes, logging],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FastCGITests",
            dependencies: ["Answers", "FastCGI", "CFastCGI", "TestSupport", httpTypes, lifecycle, logging],
            swiftSettings: strict
        ),
        .target(
            name: "Fuzzing",
            dependencies: ["Answers", "FastCGI", "Jobs", "KreaAPI", "TestSupport", "Web", httpTypes, lifecycle, logging],
            path: "Tests/Fuzz/Fuzzing",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzingTests", dependencies: ["Fuzzing", "TestSupport"], path: "Tests/Fuzz/FuzzingTests", swiftSettings: strict),
        .testTarget(name: "JobsTests", dependencies: ["Jobs", "TestSupport", "Web"], swiftSettings: strict),
        .testTarget(name: "SQLiteStoreTests", dependencies: ["CSQLite", "SQLiteStore", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "WebhooksTests", dependencies: ["HTTPClient", "Jobs", "TestSupport", "Webhooks"], swiftSettings: strict),
        .testTarget(
            name: "KreaAPITests",
            dependencies: ["HTTPClient", "KreaAPI", "TestSupport", "krea-simulator", httpTypes],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PicturesTests",
            dependencies: [
                "HTTPClient", "Jobs", "Pictures", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DispatcherTests",
            dependencies: [
                "Dispatcher", "HTTPClient", "Jobs", "KreaAPI", "Pictures", "SQLiteStore", "TestSupport", "Web", "Webhooks",
                httpTypes, lifecycle, logging, metrics,
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "WebTests", dependencies: ["Answers", "Web", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PlainTextTests", dependencies: ["PlainText"], swiftSettings: strict),
        .testTarget(name: "LogsTests", dependencies: ["Logs", "TestSupport", logging], swiftSettings: strict),
        .testTarget(
            name: "StatusTests",
            dependencies: ["HTTPClient", "Jobs", "SQLiteStore", "Status", "TestSupport", lifecycle, logging, metrics],
            swiftSettings: strict
        ),
        .testTarget(name: "SimulatorTests", dependencies: ["krea-simulator", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "CFastCGI", "Digests", "HTTPClient", "Jobs", "KreaAPI", "Logs", "SQLiteStore", "TestSupport", "Web", "krea-fcgi", arguments,
                lifecycle, logging,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Digests", "HTTPClient", "Jobs", "SQLiteStore", "TestSupport", "Web", "krea-fcgi", "krea-simulator",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
    ]
)

// Only for Tests/Fuzz/fuzz.sh: a program around libFuzzer, and what it needs to see where an input leads.
if let library = ProcessInfo.processInfo.environment["KREA_FCGI_FUZZ"] {
    for target in package.targets where ["FastCGI", "Fuzzing", "Jobs", "KreaAPI", "PlainText", "Web"].contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer"]))
    }
    // Without the simulator, which nothing but tests can link, and without all that it needs.
    for target in package.targets where target.name == "TestSupport" {
        target.dependencies = ["Jobs", "SQLiteStore", httpTypes, logging]
        target.exclude = ["SimulatedServer.swift", "SimulatedTransport.swift"]
    }
    package.targets.append(
        .executableTarget(
            name: "fuzzer", dependencies: ["Fuzzing"], path: "Tests/Fuzz/Fuzzer", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-use-ld=lld", "-Xlinker", library]), .linkedLibrary("stdc++"), .linkedLibrary("m")]))
}
