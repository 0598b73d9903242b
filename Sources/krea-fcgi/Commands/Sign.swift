import ArgumentParser
import FoundationEssentials
import Glibc
import Jobs
import SQLiteStore
import Web

/// Makes the signed address of a picture. Calls no service and makes no job.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Prints an address for <img src>: the picture is made, and paid for, at the first look at it.")

    @Option(help: "What the picture should show.")
    var prompt: String?

    @Option(help: "A model's name.")
    var model: String?

    @Option(help: "A ratio like 16:9.")
    var aspectRatio: String?

    @Option(help: "In place of these: a file with the JSON that POST api/jobs takes, - for the standard input.")
    var json: String?

    @Option(help: "The service as the world sees it, with its mount point, in place of KREA_FCGI_PUBLIC_URL.")
    var publicURL: String?

    func validate() throws {
        guard json == nil || prompt == nil && model == nil && aspectRatio == nil else {
            throw ValidationError("--json has the whole request: leave --prompt, --model and --aspect-ratio away.")
        }
        guard json != nil || prompt != nil else { throw ValidationError("--prompt or --json is needed.") }
    }

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        guard let secret = configuration.signingSecret else { throw NotSigned(description: "\(SigningSecret.variable) is not set.") }
        let (members, base) = (try members(), try base(configuration))
        // Where Krea's own rules are known, they count; the service checks again at the first look.
        let catalogue = (try? configuration.openExistingStore().catalogue()) ?? .builtIn
        let signed = try SignedRequest(members, by: catalogue, with: secret)
        for warning in signed.warnings {
            // Not among what a script takes for the address.
            let line = Array("\(warning)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        Terminal.say(base + signed.path)
    }

    /// What stands before the path: nothing where the world's address is not known.
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

/// A request that is allowed, with its signed address.
struct SignedRequest {
    /// What has to be said about the request.
    let warnings: [String]
    /// The address below the mount point, without a slash at its start.
    let path: String

    /// Web servers take request lines up to 8 KiB, which have a mount point and more besides.
    static let longestPath = 7000

    /// Throws ``NotSigned``, and what the encoder throws.
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

/// No address was made: why, for the operator.
struct NotSigned: Error, Equatable, CustomStringConvertible {
    let description: String
}
