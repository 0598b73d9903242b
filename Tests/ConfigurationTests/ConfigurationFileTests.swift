import Foundation
import Glibc
import Jobs
import Logging
import TestSupport
import Testing

@testable import krea_fcgi

/// The configuration file: how it is read, and what the environment does to it.
@Suite struct ConfigurationFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func source(_ text: String, environment: [String: String] = [:], mode: mode_t = 0o640) throws -> ConfigurationSource {
        let path = folder.file("krea-fcgi.conf")
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
        return try ConfigurationSource.read(environment.merging([ConfigurationFile.variable: path]) { $1 })
    }

    private func problem(_ text: String, mode: mode_t = 0o640) -> String? {
        do {
            _ = try ServiceConfiguration(source(text, mode: mode))
            return nil
        } catch { return "\(error)".replacing(folder.path, with: "FOLDER") }
    }

    @Test func `settings are taken by the names of their variables, comments and white space left out`() throws {
        let configuration = try ServiceConfiguration(
            source(
                "# a comment\n\n  KREA_FCGI_THREADS = 16 \r\nKREA_FCGI_MAX_POLLS=7\nKREA_FCGI_LOG_LEVEL = \"debug\"\nKREA_FCGI_STORE='/a b#c'\n"
            ))
        #expect(configuration.threads == 16)
        #expect(configuration.rules.maxPolls == 7)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.storePath == "/a b#c")
    }

    @Test func `the environment wins, an empty variable does not, and a line says where each comes from`() throws {
        let configuration = try ServiceConfiguration(
            source(
                "\nKREA_FCGI_THREADS = 16\nKREA_FCGI_MAX_POLLS = 7\nKREA_API_TOKEN = t\n",
                environment: ["KREA_FCGI_THREADS": "4", "KREA_FCGI_MAX_POLLS": ""]))
        #expect(configuration.threads == 4)
        #expect(configuration.rules.maxPolls == 7)
        let lines = configuration.lines.map { $0.description.replacing(folder.path, with: "FOLDER") }
        #expect(lines.contains("KREA_FCGI_THREADS = 4  # how many requests are answered at the same time"))
        #expect(lines.contains("KREA_FCGI_MAX_POLLS = 7 (FOLDER/krea-fcgi.conf:3)  # how often a job is polled at most"))
        #expect(lines.contains("KREA_API_TOKEN = (hidden) (FOLDER/krea-fcgi.conf:4)  # the API token of the Krea account"))
        #expect(lines.contains { $0.hasPrefix("KREA_FCGI_KEEP_DAYS = 30 (default)") })
    }

    @Test(arguments: [
        ("KREA_FCGI_THREAD = 8", "FOLDER/krea-fcgi.conf, line 1 names \"KREA_FCGI_THREAD\", which is no setting: check-config lists them."),
        ("\nthreads 8", "FOLDER/krea-fcgi.conf, line 2 must be NAME = value, a comment that starts with #, or empty."),
        ("KREA_FCGI_THREADS=8\nKREA_FCGI_THREADS=8", "FOLDER/krea-fcgi.conf, line 2 sets KREA_FCGI_THREADS a second time, after line 1."),
        (
            "KREA_FCGI_THREADS = 0",
            "KREA_FCGI_THREADS is \"0\" (FOLDER/krea-fcgi.conf:1) but must be a whole number from 1 to 512."
        ),
        ("KREA_API_TOKEN = a b", "KREA_API_TOKEN must be one word of printable ASCII characters (its value is not shown)."),
    ])
    func `what is wrong in a file is one sentence with its place`(text: String, sentence: String) {
        #expect(problem(text) == sentence)
    }

    @Test(arguments: [mode_t(0o660), 0o646])
    func `a file that others may write is refused`(mode: mode_t) {
        #expect(
            problem("", mode: mode)
                == "The configuration file FOLDER/krea-fcgi.conf may be written by others than its owner: run chmod go-w on it.")
    }

    @Test func `a file that was named has to be there, a folder is none, and a relative path is none`() throws {
        let missing = folder.file("missing.conf")
        #expect(throws: InvalidSetting(description: "KREA_FCGI_CONFIG is \"\(missing)\", and there is no such file.")) {
            try ConfigurationSource.read([ConfigurationFile.variable: missing])
        }
        #expect(throws: InvalidSetting(description: "The configuration file \(folder.path) is not a file.")) {
            try ConfigurationSource.read([ConfigurationFile.variable: folder.path])
        }
        #expect(throws: InvalidSetting(description: "KREA_FCGI_CONFIG is \"a.conf\" but must be an absolute path.")) {
            try ConfigurationSource.read([ConfigurationFile.variable: "a.conf"])
        }
    }

    @Test func `the sample has every setting once, and means the same as no file`() throws {
        let text = try SampleConfig.text()
        let plain = try ServiceConfiguration(ConfigurationSource(environment: [:])).lines
        #expect(try ServiceConfiguration(source(text)).lines == plain)
        let names = text.split(separator: "\n").filter { $0.hasPrefix("#KREA_") }.map { $0.dropFirst().prefix { $0 != " " } }
        #expect(names.map(String.init) == plain.map(\.variable))
        // With the comment signs taken away, it still means the same.
        let taken = text.split(separator: "\n").map { $0.hasPrefix("#KREA_") ? $0.dropFirst() : $0 }.joined(separator: "\n")
        let given = try ServiceConfiguration(source(taken)).lines
        #expect(given.map(\.text) == plain.map(\.text))
    }
}
