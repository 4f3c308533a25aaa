// Loads a Compose file as Docker does, by the specification's own library, and prints the project as JSON.
// Variables come from the environment, profiles from COMPOSE_PROFILES.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithDefaultProfiles())
	if err != nil {
		stop(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		stop(err)
	}
	told, err := project.MarshalJSON()
	if err != nil {
		stop(err)
	}
	fmt.Println(string(told))
}

func stop(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
