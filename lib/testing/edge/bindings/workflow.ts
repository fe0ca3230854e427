import type { BindingKind } from './binding-kind';

export const workflow: BindingKind = {
  resources: ['Workflow'],
  options: {
    workflow: ({ name, workflowName, className, scriptName }) => ({
      workflows: { [name]: { name: workflowName!, className: className!, scriptName } },
    }),
  },
};
