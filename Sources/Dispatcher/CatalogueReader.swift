import Jobs
import KreaAPI
import Logging

/// Keeps the catalogue up to date with Krea's own document of its routes: at the start and once a day.
struct CatalogueReader: DispatchService {
    let rounds: Rounds
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        while !rounds.loop.hasEnded {
            let epoch = rounds.epoch
            let claim = try await surroundings.store { try $0.claimCatalogue(by: epoch, at: $1) }
            guard let call = claim.call else { return claim.next }
            try await read(call)
        }
        return nil
    }

    private func read(_ call: Call) async throws {
        let outcome: CatalogueOutcome
        var line: Logger.Metadata = [:]
        do throws(KreaError) {
            let routes = try await surroundings.krea.routes()
            let isOurs = routes.contains { Model.atRoute($0.path) != nil }
            line["routes"] = "\(routes.count)"
            outcome = isOurs ? .answered(routes) : .noAnswer
        } catch {
            line["error"] = "\(error.logText)"
            outcome = CatalogueOutcome(error)
        }
        try await surroundings.store { try $0.recordCatalogue(outcome, for: call, at: $1) }
        surroundings.logger.info("Asked Krea for its routes", metadata: line)
    }
}
