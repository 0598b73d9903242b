import Jobs
import KreaAPI
import Logging

/// Keeps the catalogue up to date with Krea's own document of its routes: at the start and once a day.
struct CatalogueReader: DispatchService {
    let context: ServiceContext

    func runOnce() async throws -> Timestamp? {
        let krea = context.dependencies.krea
        return try await context.whileGranted {
            try $0.claimCatalogue(by: $1, at: $2)
        } make: { call in
            try await context.make(call, "Asked Krea for its routes") { () async throws(KreaError) -> [KreaRoute] in
                let routes = try await krea.routes()
                // A document without any route of ours is some other document.
                guard routes.contains(where: { Model.atRoute($0.path) != nil }) else { throw .unreadable }
                return routes
            } record: { result, store, now, line in
                try store.recordCatalogue(result, for: call, at: now)
                if case .answered(let routes) = result { line["routes"] = "\(routes.count)" }
            }
        }
    }
}
