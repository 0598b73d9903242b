// swift-tools-version: 6.2
import PackageDescription

// A package of its own: nothing but the benchmark needs it.
let package = Package(
    name: "hummingbird-bench",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1")],
    targets: [.executableTarget(name: "fixed", dependencies: [.product(name: "Hummingbird", package: "hummingbird")])]
)
