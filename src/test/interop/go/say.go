package main

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// order is a command. ID names an earlier message of the chat, and Quoted holds the words of the message that is replied to.
type order struct{ Do, Number, To, Text, ID, Quoted string }

// content is the message that an order asks for.
func content(client *whatsmeow.Client, to types.JID, said order) (*waE2E.Message, error) {
	words := &waE2E.Message{Conversation: proto.String(said.Text)}
	switch said.Do {
	case "send":
		return words, nil
	case "reply":
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String(said.Text),
			ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String(said.ID), Participant: proto.String(to.String()),
				QuotedMessage: &waE2E.Message{Conversation: proto.String(said.Quoted)}}}}, nil
	case "react":
		return client.BuildReaction(to, to, said.ID, said.Text), nil
	case "edit":
		return client.BuildEdit(to, said.ID, words), nil
	case "revoke":
		return client.BuildRevoke(to, types.EmptyJID, said.ID), nil
	}
	return nil, fmt.Errorf("%q is no message", said.Do)
}

// say sends what an order asks for, and tells the id of the message.
func say(ctx context.Context, client *whatsmeow.Client, to types.JID, said order) {
	if said.Do == "read" {
		if err := client.MarkRead(ctx, []types.MessageID{said.ID}, time.Now(), to, types.EmptyJID); err != nil {
			failed(said.Do, err)
		}
		return
	}
	message, err := content(client, to, said)
	if err != nil {
		failed(said.Do, err)
		return
	}
	response, err := client.SendMessage(ctx, to, message)
	if err != nil {
		failed(said.Do, err)
		return
	}
	tell("sent", map[string]any{"id": response.ID, "text": said.Text})
}

// tellMessage tells what a message says. The event's name is the kind of message; target is the id of the earlier message it is about.
func tellMessage(event *events.Message) {
	what, target, message := "message", "", event.Message
	if protocol := message.GetProtocolMessage(); protocol != nil {
		target = protocol.GetKey().GetID()
		switch protocol.GetType() {
		case waE2E.ProtocolMessage_MESSAGE_EDIT:
			what, message = "edit", protocol.GetEditedMessage()
		case waE2E.ProtocolMessage_REVOKE:
			what = "revoke"
		}
	}
	text := message.GetConversation()
	if text == "" {
		text = message.GetExtendedTextMessage().GetText()
	}
	if reaction := message.GetReactionMessage(); reaction != nil {
		what, target, text = "reaction", reaction.GetKey().GetID(), reaction.GetText()
	}
	quoting := message.GetExtendedTextMessage().GetContextInfo()
	if quoting.GetStanzaID() != "" {
		target = quoting.GetStanzaID()
	}
	tell(what, map[string]any{"id": event.Info.ID, "text": text, "from": event.Info.Sender.String(),
		"chat": event.Info.Chat.String(), "own": event.Info.IsFromMe, "target": target,
		"quoted": quoting.GetQuotedMessage().GetConversation()})
}
