import Foundation
import Glibc
import Jobs
import Synchronization
import TestSupport
import Testing

@testable import krea_simulator

/// Everything as an operator has it: a real web server with the files of `nginx/`, the real programs, and the simulator as Krea.
///
/// All of it lives in a folder of its own and ends with the object. The pace is scaled: what takes 10 s takes 0.2 s.
final class Stack: Sendable {
    static let submitInterval = 0.2
    static let pollInterval = 0.1

    /// The rules that the service is told to keep.
    static var rules: PaceRules {
        var rules = PaceRules()
        rules.submitInterval = .seconds(submitInterval)
        rules.pollInterval = .seconds(pollInterval)
        rules.rateLimitPause = .seconds(0.4)
        rules.pollRateLimitPause = .seconds(0.8)
        return rules
    }

    let folder: TemporaryFolder
    let simulator: ChildProcess
    let service: ChildProcess
    let web: ChildProcess
    /// Where the web server is: `http://127.0.0.1:PORT`.
    let origin: String
    /// Where the service is, with its mount point: `http://127.0.0.1:PORT/krea`.
    let base: String
    /// Where the simulator is.
    let krea: String
    /// Where the web server connects, if this stack holds it as systemd does.
    private let socket: HeldSocket?
    private let changes: [String: String]
    private let launcher: Launcher?

    /// The folder of copies of pictures.
    var pictures: String { folder.file("pictures") }

    /// - Parameters:
    ///   - webhooks: Whether Krea is asked to call, through the web server.
    ///   - mount: Where the service is mounted; empty for the root.
    ///   - keepsAnswers: Whether nginx keeps answers about jobs for a second, as it is shipped.
    ///   - isDualStack: Whether the web server listens with one socket for IPv6 and IPv4.
    ///   - launcher: What starts the service; nil for this process.
    init(
        _ dialect: Dialect = .spring, token: String? = "simulator", simulator options: [String] = ["--run-seconds", "0.3"],
        webhooks: Bool = false, environment: [String: String] = [:], keepsPictures: Bool = false, holdsSocket: Bool = false,
        behind server: WebServer = .nginx, at mount: String = WebServer.shippedMount, over transport: Transport = .unix,
        keepsAnswers: Bool = false, isDualStack: Bool = false, edits: [String: String] = [:], launcher: Launcher? = nil
    ) async throws {
        var environment = environment
        folder = try TemporaryFolder()
        try server.admit(to: folder)
        socket = holdsSocket ? try HeldSocket(path: folder.file("krea-fcgi.sock")) : nil
        if keepsPictures {
            try FileManager.default.createDirectory(atPath: folder.file("pictures"), withIntermediateDirectories: false)
            environment["KREA_FCGI_IMAGES"] = folder.file("pictures")
        }
        simulator = ChildProcess(
            Self.product("krea-simulator"), options + ["--dialect", dialect.rawValue, "--seed", "1", "--log", folder.file("krea.log")])
        let ready = try await simulator.line { $0.hasPrefix("krea-simulator listening on ") }
        krea = String(ready.split(separator: " ").last ?? "")

        let port = try Self.freePort()
        origin = "http://127.0.0.1:\(port)"
        base = origin + mount
        if webhooks { environment["KREA_FCGI_PUBLIC_URL"] = base }
        let servicePort = transport == .tcp ? try Self.freePort() : nil
        if let servicePort { environment["KREA_FCGI_LISTEN"] = "127.0.0.1:\(servicePort)" }
        changes = environment
        self.launcher = launcher
        // Before the service, so that nobody else takes the port meanwhile.
        web = try server.start(
            in: folder, port: port, isDualStack: isDualStack, servicePort: servicePort, keepsAnswers: keepsAnswers,
            edits: edits.merging(server.edits(toMountAt: mount)) { given, _ in given })
        try await HTTPTestClient.waitUntilConnectable(port: port, to: web)

        service = try Self.serve(folder, krea: krea, token: token, environment, socket: socket, launcher: launcher)
        try await service.line { $0.contains("Serving FastCGI") }
    }

    /// A `krea-fcgi serve` on this stack's folder.
    ///
    /// - Parameter name: Of its socket; nginx asks `krea-fcgi` and `second`.
    static func serve(
        _ folder: TemporaryFolder, name: String = "krea-fcgi", krea: String, token: String?, _ changes: [String: String] = [:],
        socket: HeldSocket? = nil, launcher: Launcher? = nil
    ) throws -> ChildProcess {
        var variables = environment(folder, krea: krea, token: token, launcher)
        if socket == nil, launcher?.makesSocket != true { variables["KREA_FCGI_LISTEN"] = "unix:" + folder.file("\(name).sock") }
        let service = [product("krea-fcgi").path, "serve"]
        let command = launcher?.command(service, in: folder) ?? service
        return ChildProcess(
            URL(filePath: command[0]), Array(command.dropFirst()), environment: variables.merging(changes) { _, given in given },
            input: socket?.descriptor)
    }

    /// The service once more: after the first has ended or, where this stack holds the socket, beside it too.
    func serveAgain(by launcher: Launcher? = nil) throws -> ChildProcess {
        try Self.serve(folder, krea: krea, token: "simulator", changes, socket: socket, launcher: launcher ?? self.launcher)
    }

    private static func environment(_ folder: TemporaryFolder, krea: String, token: String?, _ launcher: Launcher?) -> [String: String] {
        var variables = [
            "KREA_API_URL": krea, "KREA_FCGI_STORE": folder.file("jobs.sqlite"),
            "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "\(submitInterval)", "KREA_FCGI_POLL_INTERVAL_SECONDS": "\(pollInterval)",
            "KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS": "0.4", "KREA_FCGI_POLL_RATE_LIMIT_PAUSE_SECONDS": "0.8",
            "KREA_FCGI_REQUEST_TIMEOUT_SECONDS": "1", "KREA_FCGI_RECONCILE_AFTER_SECONDS": "0.5",
            "KREA_FCGI_CREDIT_PAUSE_SECONDS": "0.5", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "200",
        ]
        variables["KREA_API_TOKEN"] = token
        return variables.merging(launcher?.environment(folder) ?? [:]) { $1 }
    }

    /// Runs a command of the operator on this stack's store, and returns what it said.
    func command(_ arguments: String...) async throws -> (status: Int32, lines: [String]) {
        let program = begin(arguments)
        let status = try await program.exitStatus()
        return (status, await program.allLines())
    }

    /// Starts a command of the operator on this stack's store.
    func begin(_ arguments: [String]) -> ChildProcess {
        let listen = ["KREA_FCGI_LISTEN": "unix:" + folder.file("krea-fcgi.sock")]
        // Where the store's disk is seen by the service alone, there.
        let entry = launcher?.disk(folder) == nil ? [] : ["/usr/bin/nsenter", "--mount", "--target", "\(service.process ?? 0)"]
        let command = entry + [Self.product("krea-fcgi").path] + arguments
        return ChildProcess(
            URL(filePath: command[0]), Array(command.dropFirst()),
            environment: Self.environment(folder, krea: krea, token: "simulator", launcher).merging(listen) { $1 })
    }

    /// Waits until the job has come to its end, and returns it as JSON shows it then.
    ///
    /// The end is in the store before it is in the log of whoever brought it there, by default the first service.
    func finished(_ id: String, by service: ChildProcess? = nil) async throws -> JSONValue {
        let job = try await HTTPTestClient.get("\(base)/api/jobs/\(id)").json
        let ends = JobState.allCases.filter(\.isFinished).map(\.rawValue)
        if let state = job["state"]?.text, ends.contains(state) { return job }
        try await (service ?? self.service).line { line in
            line.contains("job=\(id)") && ends.contains { line.split(separator: " ").contains("state=\($0)") }
        }
        return try await HTTPTestClient.get("\(base)/api/jobs/\(id)").json
    }

    /// What the simulator saw; a request is in its log before its answer leaves.
    func kreaCalls() throws -> [KreaCall] {
        let text = try String(contentsOfFile: folder.file("krea.log"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let members = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8)).members ?? [:]
            let arrived = Timestamp(milliseconds: Int64(members["time"]?.number ?? 0))
            return KreaCall(
                arrived: arrived, answered: arrived, method: members["method"]?.text ?? "", path: members["path"]?.text ?? "",
                status: members["status"]?.number.map { Int($0) }, kreaID: members["job_id"]?.text, prompt: members["prompt"]?.text)
        }
    }

    /// Sends a job as a program does, and returns its ID.
    ///
    /// - Parameter members: Further members of the request.
    func send(_ prompt: String, _ members: [String: JSONValue] = [:]) async throws -> String {
        let request = JSONValue.object(members.merging(["prompt": .string(prompt)]) { given, _ in given })
        let accepted = try await HTTPTestClient.post(
            "\(base)/api/jobs", json: String(decoding: JSONEncoder().encode(request), as: UTF8.self))
        return try #require(accepted.json["job_id"]?.text)
    }

    /// The folder with all that is shipped.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A program of this package, built with the tests.
    static func product(_ name: String) -> URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name)
    }

    /// Ports that nobody listens on, each given once, and none that the system gives to anybody by itself (those are above 32767).
    private static let lastPort = Mutex(12_000 + Int(getpid()) * 97 % 18_000)

    static func freePort() throws -> Int {
        while true {
            let port = lastPort.withLock { last in
                last = last < 32_000 ? last + 1 : 12_000
                return last
            }
            let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
            defer { close(descriptor) }
            let isFree = Loopback.at(port) { bind(descriptor, $0, $1) } == 0
            if isFree { return port }
        }
    }
}

extension JSONValue {
    /// A member of an object.
    subscript(_ name: String) -> JSONValue? { members?[name] }
}
