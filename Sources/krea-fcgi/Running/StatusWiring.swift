import CoreMetrics
import Dispatcher
import FastCGI
import HTTPTypes
import Jobs
import Logging
import SQLiteStore
import Status
import Web

/// The metrics of the service.
enum Measures {
    /// A registry for one process, with the help text of each metric.
    static func registry() -> MetricsRegistry {
        MetricsRegistry(help: [
            Server.requestTimer: "How long requests took, by the class of their answer",
            CallMeter.calls: "How long calls to Krea took, by kind and outcome",
            AttemptMeter.pictures: "Fetches of pictures by outcome",
            AttemptMeter.messages: "Webhook messages to other programs by outcome",
            CallMeter.errors: "Calls to Krea that failed, by kind and error",
        ])
    }
}

extension FastCGIStatus {
    /// The state of a server that listens on `socket`.
    init(_ server: Server, on socket: ListeningSocket) {
        let snapshot = server.workers
        let backlog = socket.backlog
        self.init(
            address: "\(socket.address)",
            workers: snapshot.lines.enumerated().map { index, line in
                Worker(
                    number: index + 1, state: Worker.State(line.activity), seconds: line.time / .seconds(1), requests: line.requests,
                    requestId: line.requestID, method: line.request?.method.rawValue, path: line.request?.path.map(RedactedPath.of))
            },
            mostBusy: snapshot.mostBusy, timesAllBusy: snapshot.timesAllBusy, idleConnections: server.idleConnections,
            heldRequests: server.heldRequests,
            backlog: backlog?.waiting, backlogLimit: backlog?.limit)
    }
}

extension FastCGIStatus.Worker.State {
    init(_ activity: Scoreboard.Activity) {
        self =
            switch activity {
            case .idle: .idle
            case .reading: .reading
            case .running: .running
            case .writing: .writing
            }
    }
}
