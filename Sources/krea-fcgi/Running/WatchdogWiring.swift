import CoreMetrics
import Dispatcher
import FastCGI
import HTTPTypes
import Jobs
import Logging
import SQLiteStore
import Status
import Web

/// Where everything is measured, and what the names mean.
enum Measures {
    /// A registry for one process.
    static func registry() -> MetricsRegistry {
        MetricsRegistry(help: [
            Server.requestTimer: "How long requests took, by the class of their answer",
            CallMeter.calls: "How long calls to Krea took, by kind and outcome",
            AttemptMeter.pictures: "Fetches of pictures by how they ended",
            AttemptMeter.messages: "Messages of a job's end to other programs by how they ended",
            CallMeter.errors: "Calls to Krea that brought an error, by kind and error",
        ])
    }
}

extension FastCGIStatus {
    /// How a server is that listens on `socket`.
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
