// krea-simulator: a stand-in for api.krea.ai on this machine, for trying krea-fcgi out and for its tests.
//
// It keeps the rules that Krea's public API was seen to keep (`SimulatedKrea`, a value without I/O or clock) and can be told to
// misbehave by words in a prompt (`Switches`). `SimulatorServer` is the only shell. It must know nothing of krea-fcgi: not its models' names,
// its pace, its store or its modules, or it would share the product's mistakes.

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
    @Option(help: "The API of which time: spring or current.")
    var dialect = Dialect.spring
    @Option(help: "A token that is known; may be given several times. (default: $KREA_SIMULATOR_TOKEN, else simulator)")
    var token: [String] = []
    @Option(help: "How long one picture takes; fractions are allowed.")
    var runSeconds = 12.0
    @Option(help: "How many jobs of a token run at once. (default: no limit)")
    var concurrency: Int?
    @Option(help: "How many jobs of a token may wait for a slot until 429. (default: no limit)")
    var backlog: Int?
    @Option(help: "How many jobs of a token may be paid for until 402. (default: no limit)")
    var balance: Int?
    @Option(help: "How many jobs a token has when it is used first, one created in each second up to a minute before.")
    var history = 0
    @Option(help: "How many bytes more each job has in a list.")
    var listBytes = 0
    @Option(help: "How a list writes the time of a job: \(TimeForm.allCases.map(\.rawValue).joined(separator: ", ")).")
    var listTime = TimeForm.iso
    @Option(help: "The status for a body that breaks its schema: 422 or 400.")
    var schemaStatus = 422
    @Flag(name: .customLong("sunset-404"), help: "Answer the page of an unknown path, not 410, for models that are gone.")
    var sunsetIsUnknown = false
    @Option(help: "A file to append one line of JSON to for each request.")
    var log: String?
    @Option(help: "A word (see above) that holds for every job; may be given several times.")
    var fail: [String] = []
    @Option(help: "The seed of job IDs. (default: another one at each start)")
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
        // Nothing is lost by ending at once: every line of the log is written before its request is answered.
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

            Wrong answers, to a submission if nothing else is said. An error status leaves no job, a damaged answer comes after the job \
            was created; -before and -created say otherwise. -poll, -cancel, -image and (for --fail only) -list and -document are about those \
            requests: [[500-created]], [[cut-before]], [[429-poll:2]].

            \(lines[marks.count...].joined(separator: "\n"))
            """
    }
}

extension Dialect: ExpressibleByArgument {}
extension TimeForm: ExpressibleByArgument {}
