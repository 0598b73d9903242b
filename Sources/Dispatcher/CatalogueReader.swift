import Jobs
import KreaAPI
import Logging

/// Keeps the catalogue up to date with Krea's own document of its routes: at the start and once a day.
struct CatalogueReader: DispatchService {
    let context: ServiceContext
    private var dependencies: Dependencies { context.dependencies }

    func runOnce() async throws -> Timestamp? {
        while !context.loop.hasEnded {
            let claim = try dependencies.store { try $0.claimCatalogue(by: context.epoch, at: $1) }
            guard let call = claim.call else { return claim.next }
            try await read(call)
        }
        return nil
    }

    private func read(_ call: Call) async throws {
        let outcome: CatalogueOutcome
        var line: Logger.Metadata
        let measured = dependencies.meter.begin(call, clock: dependencies.clock)
        do throws(KreaError) {
            let routes = try await dependencies.krea.routes()
            let isOurs = routes.contains { Model.atRoute($0.path) != nil }
            outcome = isOurs ? .answered(routes) : .noAnswer
            line = measured.end(outcome.word)
            line["routes"] = "\(routes.count)"
        } catch {
            outcome = CatalogueOutcome(error)
            line = measured.end(outcome.word, error)
        }
        try dependencies.store { try $0.recordCatalogue(outcome, for: call, at: $1) }
        dependencies.logger.info("Asked Krea for its routes", metadata: line)
    }
}
