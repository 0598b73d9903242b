import Foundation
@testable import krea_simulator

/// The simulator as a server on a free port of this machine, for as long as `body` runs; `body` gets its address.
package func withSimulatedServer(
    runSeconds: Double = 0, words: [String] = [], _ body: @escaping @Sendable (_ base: String) async throws -> Void
) async throws {
    var settings = SimulatedKrea.Settings()
    settings.walk = .lasting(Int64(runSeconds * 1000))
    settings.always = try Switches(words: words)
    let server = try SimulatorServer(
        SimulatedKrea(settings: settings), host: .ip4, port: 0, log: nil, wall: { Int64(Date().timeIntervalSince1970 * 1000) })
    let (bases, ready) = AsyncStream.makeStream(of: String.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { ready.finish() }
            try await server.run { ready.yield($0) }
        }
        group.addTask {
            for await base in bases { return try await body(base) }
        }
        // The server only ends by itself when it could not begin.
        try await group.next()
        group.cancelAll()
    }
}
