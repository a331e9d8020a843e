package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// nodeJSON is a node as the comparison of decoders has it. Content is nil, bytes in hex, or a list of nodes.
func nodeJSON(node *waBinary.Node) map[string]any {
	attributes := map[string]string{}
	for name, value := range node.Attrs {
		if value == nil {
			value = ""
		}
		attributes[name] = fmt.Sprint(value)
	}
	var content any
	switch given := node.Content.(type) {
	case nil:
	case []waBinary.Node:
		children := []any{}
		for i := range given {
			children = append(children, nodeJSON(&given[i]))
		}
		content = children
	case []byte:
		content = hex.EncodeToString(given)
	default:
		content = hex.EncodeToString([]byte(fmt.Sprint(given)))
	}
	return map[string]any{"tag": node.Tag, "attrs": attributes, "content": content}
}

// decoded is what whatsmeow makes of a frame: a node, or why there is none.
func decoded(frame []byte) (outcome map[string]any) {
	defer func() {
		if why := recover(); why != nil {
			outcome = map[string]any{"panic": fmt.Sprint(why)}
		}
	}()
	plain, err := waBinary.Unpack(frame)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	node, err := waBinary.Unmarshal(plain)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"node": nodeJSON(node)}
}

// decodeNodes reads frames in hex from the standard input, one a line, and writes what whatsmeow makes of each.
func decodeNodes() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		frame, err := hex.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		line, err := json.Marshal(decoded(frame))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
}
