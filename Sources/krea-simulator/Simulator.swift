// krea-simulator: a stand-in for api.krea.ai on this machine, to try krea-fcgi out and to test it.
//
// It follows the observed rules of Krea's public API (`SimulatedKrea`, a value without I/O or clock). Words in a prompt make it misbehave
// (`Switches`). `SimulatorServer` is its only I/O. This module must not know krea-fcgi: neither its models' names, its pace, its store nor its
// modules. Otherwise it would share the product's mistakes.
//
// A new misbehaviour of a job is a case of `Switches.Mark`; a new wrong answer is a case of `Fault.Kind`.

import ArgumentParser
import FoundationEssentials
import Glibc

@main
struct Simulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "krea-simulator", abstract: "A stand-in for api.krea.ai on this machine.", discussion: switchHelp
    )

    @Option(help: "A loopback address: 127.0.0.1, localhost or ::1.")
    var host = "127.0.0.1"
    @Option(help: "The port; 0 takes any free one.")
    var port: UInt16 = 0
    @Option(help: "The version of the API: spring (2026) or current (October 2026).")
    var dialect = Dialect.spring
    @Option(help: "A valid token; may be given several times. (default: $KREA_SIMULATOR_TOKEN, else simulator)")
    var token: [String] = []
    @Option(help: "The seconds that a picture takes; fractions are allowed.")
    var runSeconds = 12.0
    @Option(help: "How many jobs of a token run at once. (default: no limit)")
    var concurrency: Int?
    @Option(help: "How many jobs of a token may wait for a slot; one more gets 429. (default: no limit)")
    var backlog: Int?
    @Option(help: "How many jobs of a token may be billed; one more gets 402. (default: no limit)")
    var balance: Int?
    @Option(help: "How many old jobs a token has at its first use, one per second up to a minute ago.")
    var history = 0
    @Option(help: "How many bytes to add to each job in a list.")
    var listBytes = 0
    @Option(help: "The form of times in a list: \(TimeForm.allCases.map(\.rawValue).joined(separator: ", ")).")
    var listTime = TimeForm.iso
    @Option(help: "The status for a body that breaks its schema: 422 or 400.")
    var schemaStatus = 422
    @Flag(name: .customLong("sunset-404"), help: "Answer 404 with the page of an unknown path, not 410, for discontinued models.")
    var sunsetIsUnknown = false
    @Option(help: "A file to append one line of JSON to for each request.")
    var log: String?
    @Option(help: "A word (see above) that applies to every job; may be given several times.")
    var fail: [String] = []
    @Option(help: "The seed of job IDs. (default: random)")
    var seed: UInt64?

    func validate() throws {
        guard LoopbackHost(rawValue: host) != nil else {
            throw ValidationError("krea-simulator listens on loopback only: --host must be 127.0.0.1, localhost or ::1.")
        }
        guard runSeconds >= 0, runSeconds <= 86_400 else { throw ValidationError("--run-seconds must be 0 to 86400.") }
        guard concurrency.map({ $0 > 0 }) ?? true else { throw ValidationError("--concurrency must be at least 1.") }
        guard (backlog ?? 0) >= 0, (balance ?? 0) >= 0 else { throw ValidationError("--backlog and --balance must not be negative.") }
        guard (0...1_000_000).contains(history), (0...10_000_000).contains(listBytes) else {
            throw ValidationError("--history must be 0 to 1000000, --list-bytes 0 to 10000000.")
        }
        guard [400, 422].contains(schemaStatus) else { throw ValidationError("--schema-status must be 422 or 400.") }
        do { _ = try Switches(words: fail) } catch {
            throw ValidationError("--fail \(error.word): there is no such word; --help lists them.")
        }
    }

    func run() async throws {
        // Ending at once loses nothing, because each request is logged before it is answered.
        signal(SIGTERM) { _ in _exit(0) }
        signal(SIGINT) { _ in _exit(0) }
        let core = SimulatedKrea(settings: try settings(), seed: seed ?? .random(in: 0 ... .max))
        let server = try SimulatorServer(
            core, host: LoopbackHost(rawValue: host)!, port: port, log: try log.map(CallLog.init(path:)),
            wall: { Int64(Date().timeIntervalSince1970 * 1000) }
        )
        try await server.run { base in
            print("krea-simulator listening on \(base)")
            fflush(nil)
        }
    }

    func settings() throws -> SimulatedKrea.Settings {
        let environment = ProcessInfo.processInfo.environment["KREA_SIMULATOR_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        var settings = SimulatedKrea.Settings()
        settings.dialect = dialect
        settings.tokens = token.isEmpty ? [environment ?? "simulator"] : Set(token)
        settings.walk = .lasting(Int64((runSeconds * 1000).rounded()))
        settings.concurrency = concurrency
        settings.backlog = backlog
        settings.balance = balance
        settings.history = history
        settings.listedBytes = listBytes
        settings.listedTime = listTime
        settings.schemaStatus = schemaStatus
        settings.sunsetIsGone = !sunsetIsUnknown
        settings.always = try Switches(words: fail)
        return settings
    }

    private static var switchHelp: String {
        let marks = Switches.Mark.allCases.map { ($0.rawValue, $0.meaning) }
        let faults = Fault.Kind.allCases.map { ($0.rawValue, $0.meaning) }
        let lines = (marks + faults).map { "  [[\($0)]]" + String(repeating: " ", count: max(1, 20 - $0.count)) + $1 }
        return """
            Words in double brackets in a prompt make a job go wrong; some take a number, [[429:2]] or [[slow:5000]]:

            \(lines[..<marks.count].joined(separator: "\n"))

            Wrong answers, by default to a submission. An error status leaves no job; a damaged answer comes after the job was created. \
            -before and -created override that. -poll, -cancel, -image and (only with --fail) -list and -document apply to those requests: \
            [[500-created]], [[cut-before]], [[429-poll:2]].

            \(lines[marks.count...].joined(separator: "\n"))
            """
    }
}

extension Dialect: ExpressibleByArgument {}
extension TimeForm: ExpressibleByArgument {}
