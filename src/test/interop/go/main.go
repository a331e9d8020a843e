// A driver for unmodified whatsmeow: commands come as JSON lines on the standard input, what happens goes as JSON lines to the standard
// output. It speaks to the twin alone; each request's host is replaced by the twin's.
//
// Usage: interop WS_URL MEDIA_URL ROOT_KEY_HEX DATABASE_FILE, or: interop nodes (see nodes.go)
// Commands: {"do":"qr"} {"do":"code","number":"…"} {"do":"connect"} {"do":"send","to":"…","text":"…"} {"do":"logout"} {"do":"exit"}
// {"do":"reply","to":"…","id":"…","quoted":"…","text":"…"} {"do":"react","to":"…","id":"…","text":"…"}
// {"do":"edit","to":"…","id":"…","text":"…"} {"do":"revoke","to":"…","id":"…"} {"do":"read","to":"…","id":"…"}
// {"do":"image","to":"…","text":"hex of the file"} uploads and sends; an image that comes in is downloaded and told as its hex.
// {"do":"assert","text":"a WebAuthn assertion as JSON"} answers a demand for a passkey.
// {"do":"forget"} deletes every Signal session, as a restored backup lacks them.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
	_ "modernc.org/sqlite"
)

// toTwin is a transport that sends every request to the twin.
type toTwin struct{ host string }

func (t toTwin) RoundTrip(request *http.Request) (*http.Response, error) {
	changed := request.Clone(request.Context())
	changed.URL.Scheme = "http"
	changed.URL.Host = t.host
	return http.DefaultTransport.RoundTrip(changed)
}

// output guards the standard output, on which each event is one line.
var output sync.Mutex

// eventLines is the standard output. A library of whatsmeow's prints there too, and main sends that to the standard error.
var eventLines = os.Stdout

// tell writes an event. The fields may be nil.
func tell(what string, fields map[string]any) {
	output.Lock()
	defer output.Unlock()
	if fields == nil {
		fields = map[string]any{}
	}
	fields["event"] = what
	line, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(eventLines, string(line))
}

// failed writes an event of the kind "error" that names the command.
func failed(what string, err error) {
	tell("error", map[string]any{"what": what, "error": err.Error()})
}

// stderr is a logger that keeps the standard output for events.
type stderr struct{ module string }

func (l stderr) log(level, message string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s %s\n", level, l.module, fmt.Sprintf(message, args...))
}
func (l stderr) Errorf(m string, a ...any)      { l.log("error", m, a...) }
func (l stderr) Warnf(m string, a ...any)       { l.log("warn", m, a...) }
func (l stderr) Infof(m string, a ...any)       { l.log("info", m, a...) }
func (l stderr) Debugf(m string, a ...any)      { l.log("debug", m, a...) }
func (l stderr) Sub(module string) waLog.Logger { return stderr{l.module + "/" + module} }

// offered holds a token once the server has offered to pair. Only then can a code be asked for.
var offered = make(chan struct{}, 1)

// offerTimeout is the longest wait for that offer.
const offerTimeout = 20 * time.Second

func awaitOffer() error {
	select {
	case <-offered:
		return nil
	case <-time.After(offerTimeout):
		return errors.New("the server has not offered to pair")
	}
}

// handle is the client's event handler: it writes each event that a test may wait for.
func handle(raw any) {
	switch event := raw.(type) {
	case *events.QR:
		select {
		case offered <- struct{}{}:
		default:
		}
	case *events.PairSuccess:
		tell("paired", map[string]any{"jid": event.ID.String(), "lid": event.LID.String()})
	case *events.PairError:
		failed("pair", event.Error)
	case *events.PairPasskeyRequest:
		tell("passkey", map[string]any{"options": event.PublicKey})
	case *events.PairPasskeyError:
		failed("passkey", event.Error)
	case *events.Connected:
		tell("connected", nil)
	case *events.Disconnected:
		tell("disconnected", nil)
	case *events.LoggedOut:
		tell("logged_out", map[string]any{"reason": event.Reason.String()})
	case *events.StreamReplaced:
		tell("replaced", nil)
	case *events.ConnectFailure:
		tell("failure", map[string]any{"reason": int(event.Reason)})
	case *events.TemporaryBan:
		tell("ban", map[string]any{"code": int(event.Code)})
	case *events.ClientOutdated:
		tell("outdated", nil)
	case *events.Receipt:
		tell("receipt", map[string]any{"ids": event.MessageIDs, "type": string(event.Type), "from": event.Sender.String()})
	case *events.UndecryptableMessage:
		tell("undecryptable", map[string]any{"id": event.Info.ID})
	case *events.Message:
		tellMessage(event)
	}
}

// connect opens the connection. A failure is told as an event, because whatsmeow emits none for it.
func connect(client *whatsmeow.Client) {
	if err := client.Connect(); err != nil {
		failed("connect", err)
	}
}

// download fetches the picture of a message and tells it as hex.
func download(ctx context.Context, client *whatsmeow.Client, message *events.Message) {
	file, err := client.Download(ctx, message.Message.GetImageMessage())
	if err != nil {
		failed("download", err)
		return
	}
	tell("image", map[string]any{"id": message.Info.ID, "text": hex.EncodeToString(file), "own": message.Info.IsFromMe})
}

// sendImage uploads a file and sends the message that tells of it.
func sendImage(ctx context.Context, client *whatsmeow.Client, to types.JID, text string) error {
	file, err := hex.DecodeString(text)
	if err != nil {
		return err
	}
	up, err := client.Upload(ctx, file, whatsmeow.MediaImage)
	if err != nil {
		return err
	}
	response, err := client.SendMessage(ctx, to, &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
		URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
		FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: proto.String("image/jpeg")}})
	if err != nil {
		return err
	}
	tell("sent", map[string]any{"id": response.ID, "text": text})
	return nil
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "nodes" {
		decodeNodes()
		return
	}
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: interop WS_URL MEDIA_URL ROOT_KEY_HEX DATABASE_FILE")
		os.Exit(2)
	}
	os.Stdout = os.Stderr
	ctx := context.Background()
	twin, err := url.Parse(os.Args[1])
	if err != nil {
		panic(err)
	}
	media, err := url.Parse(os.Args[2])
	if err != nil {
		panic(err)
	}
	root, err := hex.DecodeString(os.Args[3])
	if err != nil || copy(whatsmeow.WACertPubKey[:], root) != 32 {
		panic("the root key is not 32 bytes in hex")
	}
	db, err := sql.Open("sqlite", "file:"+os.Args[4]+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)")
	if err != nil {
		panic(err)
	}
	container := sqlstore.NewWithDB(db, "sqlite3", stderr{"store"})
	if err := container.Upgrade(ctx); err != nil {
		panic(err)
	}
	device, err := container.GetFirstDevice(ctx)
	if err != nil {
		panic(err)
	}
	client := whatsmeow.NewClient(device, stderr{"client"})
	through := &http.Client{Transport: toTwin{twin.Host}}
	client.SetPreLoginHTTPClient(through)
	client.SetWebsocketHTTPClient(through)
	client.SetMediaHTTPClient(&http.Client{Transport: toTwin{media.Host}})
	client.AddEventHandler(func(event any) {
		if message, ok := event.(*events.Message); ok && message.Message.GetImageMessage() != nil {
			go download(ctx, client, message)
			return
		}
		handle(event)
	})

	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20) // a picture of some 70 kB in hex fits
	for lines.Scan() {
		var command order
		if err := json.Unmarshal(lines.Bytes(), &command); err != nil {
			failed("command", err)
			continue
		}
		switch command.Do {
		case "qr":
			codes, err := client.GetQRChannel(ctx)
			if err != nil {
				failed("qr", err)
				continue
			}
			go func() {
				for item := range codes {
					tell("qr", map[string]any{"kind": item.Event, "qr": item.Code})
				}
			}()
			connect(client)
		case "code":
			connect(client)
			if err := awaitOffer(); err != nil {
				failed("code", err)
				continue
			}
			code, err := client.PairPhone(ctx, command.Number, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
			if err != nil {
				failed("code", err)
				continue
			}
			tell("code", map[string]any{"code": code})
		case "connect":
			connect(client)
		case "send", "reply", "react", "edit", "revoke", "read":
			to, err := types.ParseJID(command.To)
			if err != nil {
				failed(command.Do, err)
				continue
			}
			go say(ctx, client, to, command)
		case "image":
			to, err := types.ParseJID(command.To)
			if err != nil {
				failed("image", err)
				continue
			}
			go func(text string) {
				if err := sendImage(ctx, client, to, text); err != nil {
					failed("image", err)
				}
			}(command.Text)
		case "assert":
			var assertion types.WebAuthnResponse
			err := json.Unmarshal([]byte(command.Text), &assertion)
			if err == nil {
				err = client.SendPasskeyResponse(ctx, &assertion)
			}
			if err != nil {
				failed("assert", err)
			}
		case "forget":
			if _, err := db.ExecContext(ctx, "DELETE FROM whatsmeow_sessions"); err != nil {
				failed("forget", err)
				continue
			}
			tell("forgotten", nil)
		case "logout":
			if err := client.Logout(ctx); err != nil {
				failed("logout", err)
			}
		case "exit":
			client.Disconnect()
			os.Exit(0)
		default:
			failed("command", fmt.Errorf("there is no %q", command.Do))
		}
	}
	client.Disconnect()
}
