import ArgumentParser
import FoundationEssentials
import Glibc
import Jobs
import SQLiteStore
import Web

/// Prints the signed address of a picture. Makes no call and no job.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Prints an address for <img src>. Its first request makes the picture and pays for it.")

    @Option(help: "What the picture should show.")
    var prompt: String?

    @Option(help: "A model's name.")
    var model: String?

    @Option(help: "A ratio like 16:9.")
    var aspectRatio: String?

    @Option(help: "Instead of these: a file with the JSON of POST api/jobs, or - for standard input.")
    var json: String?

    @Option(help: "The service's public address with its mount point, instead of KREA_FCGI_PUBLIC_URL.")
    var publicURL: String?

    func validate() throws {
        guard json == nil || prompt == nil && model == nil && aspectRatio == nil else {
            throw ValidationError("--json holds the whole request: leave out --prompt, --model and --aspect-ratio.")
        }
        guard json != nil || prompt != nil else { throw ValidationError("--prompt or --json is needed.") }
    }

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        guard let secret = configuration.signingSecret else { throw NotSigned(description: "\(SigningSecret.variable) is not set.") }
        let (members, base) = (try members(), try base(configuration))
        // Krea's own rules apply if they are known. The service checks again at the first request.
        let catalogue = (try? configuration.openExistingStore().catalogue()) ?? .builtIn
        let signed = try SignedRequest(members, by: catalogue, with: secret)
        for warning in signed.warnings {
            // On standard error, so that a script does not take it for the address.
            let line = Array("\(warning)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        Terminal.say(base + signed.path)
    }

    /// The text before the path; empty if the public address is not known.
    private func base(_ configuration: ServiceConfiguration) throws -> String {
        guard let publicURL else { return configuration.publicURL.map { "\($0)/" } ?? "" }
        guard let base = Settings.publicURL.parse(publicURL) ?? nil else {
            throw NotSigned(description: "--public-url is \"\(publicURL)\" but must be \(Settings.publicURL.allowed).")
        }
        return "\(base)/"
    }

    private var standardInput: Data {
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        return Data(text.utf8)
    }

    private func members() throws -> [String: JSONValue] {
        guard let json else {
            let options = ["prompt": prompt, "model": model, "aspect_ratio": aspectRatio]
            return options.compactMapValues { $0.map(JSONValue.string) }
        }
        guard let data = json == "-" ? standardInput : FileManager.default.contents(atPath: json) else {
            throw NotSigned(description: "\(json) cannot be read.")
        }
        // As strictly as the service reads it.
        guard let members = try? JSONReader.value(of: Array(data), maximumDepth: 8).members else {
            throw NotSigned(description: "\(json == "-" ? "The standard input" : json) must be a JSON object.")
        }
        return members
    }
}

/// A valid request with its signed address.
struct SignedRequest {
    /// Warnings about the request.
    let warnings: [String]
    /// The path below the mount point, without a leading slash.
    let path: String

    /// The longest path. Web servers accept request lines up to 8 KiB, which also hold the mount point.
    static let longestPath = 7000

    /// Validates and signs a request. Throws ``NotSigned``, or an error of the encoder.
    init(_ members: [String: JSONValue], by catalogue: Catalogue, with secret: SigningSecret) throws {
        do {
            let valid = try GenerationRequest.validate(members, by: catalogue)
            guard valid.request.batchSize ?? 1 == 1 else {
                throw NotSigned(description: "batch_size must be 1, an address shows one picture.")
            }
            warnings = valid.warnings.map(\.sentence)
        } catch let invalid as InvalidRequest {
            throw NotSigned(description: invalid.problems.map(\.sentence).joined(separator: "\n"))
        }
        path = SignedAddress(members, sign: secret.signature).path
        guard path.utf8.count <= Self.longestPath else {
            throw NotSigned(
                description:
                    "The address would have \(path.utf8.count) characters but must have at most \(Self.longestPath): shorten the prompt.")
        }
    }
}

/// Why no address was made, for the operator.
struct NotSigned: Error, Equatable, CustomStringConvertible {
    let description: String
}
