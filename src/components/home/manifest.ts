/** What the home page applies to its live cluster. */
export const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hall
spec:
  replicas: 3
  selector:
    matchLabels: { app: hall }
  template:
    metadata:
      labels: { app: hall }
    spec:
      containers:
        - name: web
          image: nginx:1.27
`;
